// `retrace show`: a run step by step; with --step the data before and after one node.
import { chainText } from '../contract/chain.ts'
import { append } from '../contract/lists.ts'
import { CodedError } from '../contract/errors.ts'
import type { Json } from '../contract/json.ts'
import type { Result } from '../contract/operations.ts'
import { incompleteCodes, type RunEvent } from '../contract/run.ts'
import { decodeJson } from '../engine/php/decode.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { RunFold } from '../engine/replay/fold.ts'
import { explainerOf } from '../host/worker/values/explain-node.ts'
import { numberOption, parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { createStyle, milliseconds, visible } from './style.ts'
import { unreachedLines } from './unreached.ts'
import { printWatched, watchedRows, watchLines } from './watch.ts'
import type { Watched } from './watch.ts'
import { withHost } from './workspace-host.ts'

export const showCommand: Command = async (context) => {
  const kinds = { workspace: 'text', step: 'text', watch: 'list', json: 'flag', secrets: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const step = numberOption(options.step, 'step', 0, 1e9)
  const runId = words[0] as string
  if (options.watch.length > 0 && step !== undefined)
    throw new CodedError('COMMAND_INVALID', '--watch shows all steps and does not go with --step.')
  const isWhole = step === undefined && !options.json
  if (options.watch.length > 0 && options.json) return printWatched(context, options.workspace, runId, options.watch)
  const { lines, detail, workflow, watched } = await withHost(
    context,
    options.workspace,
    { looks: true },
    async (host) => ({
      lines: await linesOf(host, runId, options.secrets),
      detail: isWhole ? await host.ask('runs.get', { runId }) : null,
      workflow: options.json && step === undefined ? null : await workflowOf(host, runId),
      watched: options.watch.length > 0 ? await watchedRows(host, runId, options.watch) : null
    })
  )
  if (step === undefined && options.json) for (const line of lines) context.print(line)
  else {
    const events = lines.map((line) => decodeJson(line) as unknown as RunEvent)
    const fold = foldOf(events, workflow)
    if (step === undefined) showRun(context, fold, detail, watched && { paths: options.watch, rows: watched })
    else showStep(context, fold, step, options.json)
  }
  return 0
}

/** The events of a run, one a line. */
async function linesOf(host: ConnectedHost, runId: string, unmasked: boolean): Promise<readonly string[]> {
  const lines: string[] = []
  for (let from: number | null = 0; from !== null;) {
    const page: Result<'run.events'> = await host.ask('run.events', { runId, from, unmasked })
    append(lines, page.lines)
    from = page.next
  }
  return lines
}

/** The workflow that it ran; null where nobody knows it. */
async function workflowOf(host: ConnectedHost, runId: string): Promise<Json> {
  try {
    return (await host.ask('run.workflow', { runId })).workflow
  } catch (error) {
    if (error instanceof CodedError && error.code === 'WORKFLOW_NOT_FOUND') return null
    throw error
  }
}

const foldOf = (events: readonly RunEvent[], workflow: Json): RunFold => {
  const fold = new RunFold({ explain: explainerOf(workflow) })
  for (const event of events) fold.apply(event)
  return fold
}

function showRun(
  { print, color }: CommandContext,
  fold: RunFold,
  detail: Result<'runs.get'> | null,
  watched: Watched | null
): void {
  const style = createStyle(color)
  const { bold, dim, green, red, yellow, cyan } = style
  const { started, finished } = fold
  print(`${bold(started?.triggerId ?? '')} ${dim(started?.pathType ?? '')}  ${visible(started?.workflowName ?? '')}`)
  for (const line of watchLines(watched, 0, style)) print(line)
  for (const step of fold.steps) {
    const result =
      step.result === 'success'
        ? green(step.result)
        : step.result === 'partial-success'
          ? yellow(step.result)
          : red(step.result)
    const branch =
      step.branch === null || step.branch === 'none'
        ? ''
        : cyan(` → ${step.branch}${step.derived.includes('branch') ? ' (derived)' : ''}`)
    const job = step.job === null ? '' : dim(` [${step.job}]`)
    const changed = step.changed ? yellow(' changed') : ''
    print(
      `${String(step.step).padStart(4)}  node ${String(step.nodeId).padEnd(4)} ${step.moduleId}  ${result}${branch}${changed}${job}  ${dim(milliseconds(step.ms ?? 0))}`
    )
    if (step.message !== null) print(red(`        ${visible(step.message)}`))
    if (Array.isArray(step.errors) ? step.errors.length > 0 : step.errors !== null)
      print(red(`        ${visible(JSON.stringify(step.errors))}`))
    for (const text of step.answerErrors ?? []) print(red(`        ${visible(text)}`))
    for (const line of watchLines(watched, step.step, style)) print(line)
  }
  for (const line of unreachedLines(detail?.unreached ?? [], style, 110)) print(line)
  for (const { code, text } of fold.notes) if (incompleteCodes.includes(code)) print(yellow(visible(text)))
  print(`outcome ${bold(finished?.outcome ?? 'no end')}`)
  if (detail?.chain) print(visible(chainText(detail.chain)))
  print(dim('Inputs, branches, changes and times between posts are derived: MISP does not report them.'))
}

function showStep({ print }: CommandContext, fold: RunFold, number: number, json: boolean): void {
  if (number === 0)
    return print(
      JSON.stringify({ original: fold.original ?? null, normalized: fold.normalized ?? null }, null, json ? 0 : 2)
    )
  const step = fold.steps[number - 1]
  const data = fold.data[number - 1]
  if (step === undefined || data === undefined) {
    throw new CodedError('STEP_NOT_FOUND', `The run has no step ${number}; it has ${fold.steps.length}.`)
  }
  print(JSON.stringify({ ...step, input: data.input, output: data.output, params: data.params }, null, json ? 0 : 2))
}
