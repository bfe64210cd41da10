// `retrace verify`: whether offline runs of captured ones give what MISP posted.
import { CodedError } from '../contract/errors.ts'
import type { WorkflowSource } from '../contract/operations.ts'
import { dayOf } from '../contract/verify.ts'
import type { VerifyReport } from '../contract/verify.ts'
import { plural } from '../contract/words.ts'
import { previewsOf } from '../engine/format/preview.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { pick } from './names.ts'
import { isThere, readWorkflow } from './input.ts'
import { junit } from './junit.ts'
import { createStyle, visible } from './style.ts'
import { acceptedDifferences } from './verify-accepted.ts'
import { withHost } from './workspace-host.ts'

const mostRuns = 100_000

const kinds = {
  workspace: 'text',
  all: 'flag',
  workflow: 'text',
  profile: 'text',
  reporter: 'text',
  json: 'flag',
  accept: 'text',
  until: 'text',
  for: 'text',
  accepted: 'flag',
  'take-back': 'list'
} as const

export const verifyCommand: Command = async (context) => {
  const { usage } = context
  const { options, words } = parseCommand(context.args, kinds, usage, { min: 0, max: mostRuns })
  const { all, reporter = 'human', profile } = options
  const invalid = (text: string): CodedError => new CodedError('COMMAND_INVALID', `${text} Usage: retrace ${usage}`)
  const takeBack = options['take-back']
  if (options.accepted || takeBack.length > 0) {
    if (all || words.length > 0 || options.accept !== undefined)
      throw invalid('--accepted and --take-back take no runs.')
    return acceptedDifferences(context, { workspace: options.workspace, json: options.json, takeBack })
  }
  if (all === words.length > 0) throw invalid('verify takes runs, or --all.')
  if (options.accept === undefined && (options.until !== undefined || options.for !== undefined))
    throw invalid('--until and --for belong to --accept.')
  if (reporter !== 'human' && reporter !== 'junit') throw invalid('--reporter takes human or junit.')
  const whose = options.for ?? 'run'
  if (whose !== 'run' && whose !== 'workflow') throw invalid('--for takes run or workflow.')
  const until = options.until ?? inAYear()
  if (!/^\d{4}-\d\d-\d\d$/.test(until) || Number.isNaN(Date.parse(until)))
    throw invalid('--until takes a day such as 2026-12-31.')
  // Verdicts are kept with the runs where the workspace can be written.
  const reports = await withHost(context, options.workspace, { looks: options.accept === undefined }, async (host) => {
    const workflow = options.workflow === undefined ? {} : { workflow: await workflowOf(host, options.workflow) }
    const asked = { ...(all ? {} : { runIds: [...words] }), ...workflow, ...(profile === undefined ? {} : { profile }) }
    const found = await host.ask('runs.verify', asked)
    if (options.accept === undefined) return found
    for (const report of unlike(found, whose)) await accept(host, report, { reason: options.accept, until, whose })
    return host.ask('runs.verify', asked)
  })
  if (options.json) context.print(JSON.stringify(reports.map(asJson)))
  else if (reporter === 'junit') context.print(junit('retrace verify', reports.map(asCase)))
  else show(context, reports)
  return statusOf(reports)
}

/** Of runs of one workflow that differ in the same, one is enough. */
function unlike(reports: readonly VerifyReport[], whose: 'run' | 'workflow'): readonly VerifyReport[] {
  const key = ({ runId, workflow, first }: VerifyReport): string =>
    JSON.stringify([
      whose === 'workflow' && workflow?.id ? workflow.id : runId,
      first?.nodeId,
      first?.kind,
      first?.path
    ])
  return [...new Map(reports.map((report) => [key(report), report])).values()]
}

function inAYear(): string {
  const day = new Date()
  day.setUTCFullYear(day.getUTCFullYear() + 1)
  return dayOf(day)
}

/** A file, or what the workspace has by name or id. */
async function workflowOf(host: ConnectedHost, argument: string): Promise<WorkflowSource> {
  if (isThere(argument)) return { json: await readWorkflow(argument) }
  return { workflowId: pick(argument, 'workflow', await host.ask('workflows.list', {})) }
}

interface Acceptance {
  readonly reason: string
  readonly until: string
  readonly whose: 'run' | 'workflow'
}

async function accept(host: ConnectedHost, { runId, first, workflow }: VerifyReport, given: Acceptance): Promise<void> {
  if (first === null || first.kind === 'fault') return
  const { reason, until, whose } = given
  const isOfWorkflow = whose === 'workflow' && workflow !== null && workflow.id !== ''
  const { nodeId, kind, path } = first
  await host.ask('verify.accept', {
    for: isOfWorkflow ? { workflowId: workflow.id } : { runId },
    ...{ nodeId, kind, path, reason, until }
  })
}

/** 0: all equal, 1: one differs, 4: none differs and of one nobody can tell. */
function statusOf(reports: readonly VerifyReport[]): number {
  if (reports.some(({ verdict }) => verdict === 'different')) return 1
  return reports.some(({ verdict }) => verdict === 'cannot tell') ? 4 : 0
}

const asJson = ({ runId, verdict, accepted, first, missing }: VerifyReport) => ({
  run: runId,
  verdict,
  accepted: accepted.length,
  first: first && {
    ...{ step: first.step, nodeId: first.nodeId, kind: first.kind, path: first.path },
    ...{ expected: first.expected, actual: first.actual, cause: first.cause.text }
  },
  missing: missing.map(({ text }) => text.text)
})

function asCase({ runId, verdict, first, missing, workflow }: VerifyReport) {
  const suite = workflow?.name ?? 'captured runs'
  if (verdict === 'equal') return { suite, name: runId, state: 'passed' } as const
  const texts = missing.map(({ text }) => text.text)
  if (first === null)
    return { suite, name: runId, state: 'skipped', message: texts[0] ?? verdict, text: texts.join('\n') } as const
  const { kind, cause, path, expected, actual } = first
  const values = `MISP: ${JSON.stringify(expected)}\noffline: ${JSON.stringify(actual)}`
  const text = `${cause.text}\n${path === null ? '' : `${path}\n`}${values}`
  return { suite, name: runId, state: 'failed', message: `${kind}: ${cause.text}`, text } as const
}

function show({ print, color }: CommandContext, reports: readonly VerifyReport[]): void {
  const { bold, dim, green, red, yellow } = createStyle(color)
  const paint = { equal: green, different: red, 'cannot tell': yellow } as const
  for (const { runId, verdict, first, missing, accepted, remarks, posts, equal, workflow, profile } of reports) {
    const through =
      workflow === null ? '' : `${workflow.name}${workflow.version > 0 ? ` version ${workflow.version}` : ''}, `
    print(
      `${bold(runId)}  ${paint[verdict](verdict)}  ${dim(visible(`${through}MISP ${profile}, ${equal} of ${plural(posts, 'post')} equal`))}`
    )
    if (first !== null) {
      const where = first.step === null ? '' : `step ${first.step}, `
      print(`  ${where}${first.kind}: ${visible(first.cause.text)}`)
      const [expected, actual] = previewsOf(first.expected, first.actual)
      print(dim(`    MISP     ${visible(expected)}`))
      print(dim(`    offline  ${visible(actual)}`))
      for (const { name, value } of first.condition?.facts ?? []) print(dim(`    ${name.padEnd(8)} ${visible(value)}`))
    }
    for (const { text } of missing) print(`  ${visible(text.text)}`)
    for (const one of accepted)
      print(dim(`  accepted until ${one.until}: ${one.kind} ${visible(`${one.path ?? ''} (${one.reason})`)}`))
    for (const text of remarks) print(dim(`  ${visible(text.text)}`))
  }
  const of = (verdict: VerifyReport['verdict']): number => reports.filter((one) => one.verdict === verdict).length
  const acceptedIn = reports.reduce((sum, { accepted }) => sum + accepted.length, 0)
  print(
    `${plural(reports.length, 'run')}: ${of('equal')} equal, ${of('different')} different, ${of('cannot tell')} cannot tell; ${plural(acceptedIn, 'accepted difference')}`
  )
}
