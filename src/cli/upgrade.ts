// `retrace upgrade`: what an update of MISP changes for workflows: of files, or of a workspace.
import { CodedError } from '../contract/errors.ts'
import { sameWords, unusableWords } from '../contract/tried.ts'
import { causeWords } from '../contract/upgrade.ts'
import type { UpgradeGroup, UpgradeReport, UpgradeWorkflow } from '../contract/upgrade.ts'
import { plural, wordFor } from '../contract/words.ts'
import { askingHost } from '../host/tried/ask.ts'
import { inputsOfWorkflow, type TriedInput } from '../host/tried/inputs.ts'
import { reportUpgrade, type UpgradeSubject } from '../host/tried/upgrade.ts'
import { nearestProfile } from '../host/worker/runs/run-input.ts'
import { parseCommand, required } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { withFiles, type FilesHost } from './files-host.ts'
import { readRunOptions } from './input.ts'
import { createStyle, visible } from './style.ts'
import { eventsIn, leftOutWords } from './tried.ts'

const kinds = {
  from: 'text',
  to: 'text',
  events: 'text',
  world: 'text',
  settings: 'text',
  'misp-defaults': 'flag',
  workspace: 'text',
  json: 'flag'
} as const

export const upgradeCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 1000 })
  const from = required(options.from, 'from', context.usage)
  const to = required(options.to, 'to', context.usage)
  if (words.length === 0 && options.workspace === undefined)
    throw new CodedError('COMMAND_INVALID', `Name workflows, or a workspace. Usage: retrace ${context.usage}`)
  for (const { note } of [nearestProfile(from), nearestProfile(to)]) if (note !== '') context.complain(`note ${note}`)
  const { world, ...given } = await readRunOptions(options, context.complain)
  const asked = { allow: [], ...(world ? { world } : {}) }
  const about = { ...options, named: { workflow: words } }
  const report = await withFiles(context, about, asked, async (files) => {
    const { inputs: events, unread } = await eventsIn(files, options.events, context)
    const subjects = await subjectsOf(files, words, { events, hasWorkspace: options.workspace !== undefined })
    const question = { from, to, options: given, subjects }
    const { workflows, ...about } = await reportUpgrade(askingHost(files.host), question, () => undefined)
    return { ...about, workflows: workflows.map((one) => ({ ...one, refused: one.refused + unread })) }
  })
  if (options.json) context.print(JSON.stringify(inOrder(report), null, 2))
  else print(report, context)
  return 0
}

/** One entry a workflow. */
const inOrder = ({ from, to, workflows }: UpgradeReport): object[] =>
  workflows.map(({ name, id, ...rest }) => ({ workflow: name, id, from, to, ...rest }))

interface Around {
  readonly events: readonly TriedInput[]
  readonly hasWorkspace: boolean
}

async function subjectsOf(
  files: FilesHost,
  words: readonly string[],
  { events, hasWorkspace }: Around
): Promise<readonly UpgradeSubject[]> {
  const { host } = files
  const known = hasWorkspace ? await host.ask('workflows.list', {}) : []
  const data = hasWorkspace ? await host.ask('data.list', {}) : []
  const runs = hasWorkspace ? (await host.ask('runs.rows', {})).runs : []
  const wanted = words.length > 0 ? words : known.map(({ id }) => id)
  const subjects: UpgradeSubject[] = []
  for (const word of wanted) {
    const { source, workflow } = await files.workflow(word)
    const own = 'workflowId' in source ? known.find(({ id }) => id === source.workflowId) : undefined
    const name = own?.name ?? (typeof workflow.name === 'string' && workflow.name !== '' ? workflow.name : word)
    const inputs = [...events, ...(own ? inputsOfWorkflow(own, data, runs) : [])]
    subjects.push({ id: own?.id ?? null, name, source, inputs })
  }
  return subjects
}

function print({ from, to, workflows }: UpgradeReport, { print: line, color }: CommandContext): void {
  const { bold, dim, yellow } = createStyle(color)
  for (const one of workflows) {
    line(`${bold(visible(one.name))}  ${dim(`MISP ${from} → ${to}`)}`)
    for (const { nodeId, moduleId, state, before, after, rules } of one.modules) {
      const what = state === 'changed' && before !== after ? `${before} → ${after}` : state
      line(`  ${yellow('module  ')} node ${nodeId} ${visible(moduleId)}: ${what}`)
      for (const { text } of rules) line(dim(`           ${text}`))
    }
    for (const { nodeId, moduleId, params } of one.goneParams) {
      const what = `${wordFor(params.length, 'parameter')} ${params.join(', ')}`
      line(`  ${yellow('gone    ')} node ${nodeId} ${visible(moduleId)}: ${visible(what)}`)
    }
    for (const { message } of one.warnings) line(`  ${yellow('warning ')} ${visible(message)}`)
    for (const { message } of one.warningsGone) line(dim(`  no more  ${visible(message)}`))
    printRuns(one, line, dim)
  }
}

function printRuns(one: UpgradeWorkflow, line: (text: string) => void, dim: (text: string) => string): void {
  const { same, groups, refused } = one
  for (const group of groups) {
    line(`  ${groupText(group)}`)
    for (const text of new Set([...group.rules, ...(group.endRules ?? [])].map((rule) => rule.text)))
      line(dim(`           ${visible(text)}`))
  }
  if (same > 0) line(`  ${sameWords(one)}`)
  const unusable = unusableWords(one)
  if (unusable !== '') line(dim(`  ${unusable}`))
  else if (same + groups.length === 0) line(dim('  There is no input to run it on (--events DIR).'))
  else if (refused > 0) line(dim(`  ${leftOutWords(refused)}`))
}

function groupText(group: UpgradeGroup): string {
  const { nodeId, before, after, count, examples } = group
  const at = nodeId === null ? '' : ` first at node ${nodeId}`
  const more = count > examples.length ? ', …' : ''
  const how = `${visible(before)} → ${visible(after)}, ${visible(causeWords(group))}`
  return `${plural(count, 'run goes differently', 'runs go differently')}${at}: ${how} (${visible(examples.join(', '))}${more})`
}
