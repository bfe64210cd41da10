// `retrace show`: a run step by step; with --step the data before and after one node.
import { chainText } from '../contract/chain.ts'
import { append } from '../contract/lists.ts'
import { CodedError } from '../contract/errors.ts'
import type { Result } from '../contract/operations.ts'
import { unpackRun } from '../contract/packed-steps.ts'
import { incompleteCodes, type RunEvent } from '../contract/run.ts'
import type { RunDetail } from '../contract/run-views.ts'
import { decodeJson } from '../engine/php/decode.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { RunFold } from '../engine/replay/fold.ts'
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
  if (options.watch.length > 0 && options.json) return printWatched(context, options.workspace, runId, options.watch)
  const isWhole = step === undefined
  const { lines, detail, watched } = await withHost(context, options.workspace, { looks: true }, async (host) => ({
    lines: isWhole && !options.json ? [] : await linesOf(host, runId, options.secrets),
    detail: isWhole && options.json ? null : await detailOf(host, runId, options.secrets),
    watched: options.watch.length > 0 ? await watchedRows(host, runId, options.watch) : null
  }))
  if (detail === null) for (const line of lines) context.print(line)
  else if (isWhole) showRun(context, detail, watched && { paths: options.watch, rows: watched })
  else showStep(context, { number: step, detail, lines }, options.json)
  return 0
}

const detailOf = async (host: ConnectedHost, runId: string, unmasked: boolean): Promise<RunDetail> =>
  unpackRun(await host.ask('runs.get', { runId, unmasked }))

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

function showRun({ print, color }: CommandContext, detail: RunDetail, watched: Watched | null): void {
  const style = createStyle(color)
  const { bold, dim, green, red, yellow, cyan } = style
  const { summary, pathType, steps, unreached, notes, chain } = detail
  print(`${bold(summary.trigger)} ${dim(pathType ?? '')}  ${visible(summary.workflowName ?? '')}`)
  for (const line of watchLines(watched, 0, style)) print(line)
  for (const step of steps) {
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
  for (const line of unreachedLines(unreached, style, 110)) print(line)
  for (const { code, text } of notes) if (incompleteCodes.includes(code)) print(yellow(visible(text)))
  print(`outcome ${bold(summary.outcome ?? 'no end')}`)
  if (chain) print(visible(chainText(chain)))
  if (summary.origin !== 'local')
    print(dim('Inputs, branches, changes and times between posts are derived: MISP does not report them.'))
}

interface ShownStep {
  readonly number: number
  readonly detail: RunDetail
  /** Its events: what each step had and left is folded out of them. */
  readonly lines: readonly string[]
}

function showStep({ print }: CommandContext, { number, detail, lines }: ShownStep, json: boolean): void {
  const fold = new RunFold()
  for (const line of lines) fold.apply(decodeJson(line) as unknown as RunEvent)
  const show = (value: object): void => print(JSON.stringify(value, null, json ? 0 : 2))
  if (number === 0) return show({ original: fold.original ?? null, normalized: fold.normalized ?? null })
  const step = detail.steps[number - 1]
  const data = fold.data[number - 1]
  if (step === undefined || data === undefined)
    throw new CodedError('STEP_NOT_FOUND', `The run has no step ${number}; it has ${detail.steps.length}.`)
  const { step: at, nodeId, ...told } = step
  show({ step: at, nodeId, ...told, input: data.input, output: data.output, params: data.params })
}
