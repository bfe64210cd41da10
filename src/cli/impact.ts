// `retrace impact`: what another version of a workflow, another version of MISP or other settings would have changed.
import { CodedError } from '../contract/errors.ts'
import type { ParsedParams } from '../contract/operations.ts'
import type { RunSummary } from '../contract/run-views.ts'
import { sameWords, unusableWords, type TriedGroup, type TriedReport } from '../contract/tried.ts'
import { plural } from '../contract/words.ts'
import { profileFor } from '../engine/profiles/profiles.ts'
import { triggerIdOf } from '../engine/graph/walk-helpers.ts'
import { askingHost } from '../host/tried/ask.ts'
import { reportImpact } from '../host/tried/impact.ts'
import { inputsOfTrigger, type TriedInput } from '../host/tried/inputs.ts'
import { numberOption, parseCommand, type Options } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { withFiles, type FilesHost } from './files-host.ts'
import { isThere, readRunOptions, readWorkflow } from './input.ts'
import { createStyle, visible } from './style.ts'
import { eventsIn, lastRuns, leftOutWords, mostRuns, progressOf, triedOptions } from './tried.ts'

const kinds = { ...triedOptions, against: 'text' } as const

export const impactCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const [word] = words as [string]
  const last = numberOption(options.last, 'last', 1, mostRuns) ?? 0
  if (options.events === undefined && last === 0)
    throw new CodedError('COMMAND_INVALID', `Say over what: --events DIR or --last N. Usage: retrace ${context.usage}`)
  // The world and its settings are the same for what was and what would be.
  const { world, settings } = await readRunOptions({ world: options.world }, context.complain)
  const given = await readRunOptions({ ...options, world: undefined }, context.complain)
  if (options.against === undefined && Object.keys(given).length === 0)
    throw new CodedError(
      'COMMAND_INVALID',
      `Say what changes: --against, --settings, --misp-defaults or --profile. Usage: retrace ${context.usage}`
    )
  const asked = { allow: [], ...(world ? { world } : {}) }
  const about = { ...options, named: { workflow: [word] } }
  const report = await withFiles(context, about, asked, async (files) => {
    const { source, workflow, isPicked } = await pickedFirst(files, word, options)
    const events = await eventsIn(files, options.events, context)
    const trigger = triggerIdOf(workflow.data)
    const pick = (runs: readonly RunSummary[]): readonly TriedInput[] => inputsOfTrigger(trigger, runs, last)
    const runs = await lastRuns(files, { last, pick, which: `of the trigger ${trigger}` }, context)
    const both = settings ? { settings: { ...settings, ...given.settings } } : {}
    const question = {
      ...{ workflow: source, options: { ...given, ...both } },
      before: (await otherWorkflow(files, source, { ...options, isPicked })) ?? {
        options: settings ? { settings } : {}
      }
    }
    const inputs = [...runs, ...events.inputs]
    const report = await reportImpact(askingHost(files.host), question, inputs, progressOf(context))
    return { ...report, refused: report.refused + events.unread }
  })
  if (options.json) context.print(JSON.stringify(report, null, 2))
  else print(report, context)
  return 0
}

type Sides = Pick<Options<typeof kinds>, 'against' | 'pick'>

const fitsNotAlone = (error: unknown): boolean => error instanceof CodedError && error.details?.count === 1

/** Of two files `--pick` is about each that holds several, and has to fit one. */
async function pickedFirst(files: FilesHost, word: string, { against, pick }: Sides) {
  const isTwo = against !== undefined && pick !== undefined && isThere(against)
  try {
    return { ...(await files.workflow(word, pick)), isPicked: true }
  } catch (error) {
    if (!isTwo || !fitsNotAlone(error)) throw error
    return { ...(await files.workflow(word)), isPicked: false }
  }
}

type Before = ParsedParams<'impact.compare'>['before']

/** With one, settings and version of MISP are the same for both; without (null), they are what is otherwise. */
async function otherWorkflow(
  { host }: FilesHost,
  source: ParsedParams<'impact.compare'>['workflow'],
  { against, pick, isPicked }: Sides & { readonly isPicked: boolean }
): Promise<Before | null> {
  if (against === undefined) return null
  if (isThere(against)) {
    const workflow = await readWorkflow(against, pick).catch((error: unknown) => {
      if (isPicked && fitsNotAlone(error)) return readWorkflow(against)
      throw error
    })
    return { workflow }
  }
  const version = /^\d{1,9}$/.test(against) ? Number(against) : null
  if (version === null || version < 1) {
    const isOfMisp = profileFor(against.replace(/^v(?=\d)/i, '')) !== null
    const hint = isOfMisp ? ` A version of MISP goes into --profile ${against}.` : ''
    throw new CodedError('FILE_NOT_FOUND', `${against} is neither a file nor the number of a saved version.${hint}`, {
      file: against
    })
  }
  if (!('workflowId' in source))
    throw new CodedError('COMMAND_INVALID', `A file has no version ${version}; give the other one as a file, too.`)
  return { workflow: (await host.ask('workflows.get', { workflowId: source.workflowId, version })).workflow }
}

function print(report: TriedReport, { print: line, color }: CommandContext): void {
  const { bold, dim, yellow } = createStyle(color)
  const { groups, same, refused } = report
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  if (count > 0) line(bold(`${plural(count, 'run goes', 'runs go')} differently`))
  for (const group of groups) {
    line(`  ${yellow(plural(group.count, 'run'))}  ${visible(groupWords(group))}`)
    line(dim(`      for example ${visible(group.examples.slice(0, 1).join())}`))
  }
  const unusable = unusableWords(report)
  if (unusable !== '') line(unusable)
  else if (same + count === 0) line('no inputs')
  else line(same === 0 ? 'no run ends the same way' : sameWords(report))
  if (refused > 0 && unusable === '') line(dim(leftOutWords(refused)))
}

function groupWords({ nodeId, before, after, outcomes: [was, is] }: TriedGroup): string {
  const at = nodeId === null ? 'at the start or end' : `first at node ${nodeId}`
  const ends =
    was === is ? `ends in ${is ?? 'nothing'} as before` : `ended in ${was ?? 'nothing'}, now ${is ?? 'nothing'}`
  return `${at}: ${before} → ${after}; ${ends}`
}
