// `retrace diff`: two runs held against each other, step by step.
import type { DiffPart, DiffStep } from '../contract/comparison.ts'
import { append } from '../contract/lists.ts'
import type { Result } from '../contract/operations.ts'
import { unpackRun } from '../contract/packed-steps.ts'
import type { RunStep } from '../contract/run-views.ts'
import { shownAs } from '../contract/words.ts'
import { previewOf, previewsOf } from '../engine/format/preview.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

type Differences = Omit<Result<'runs.differences'>, 'next'>

export const diffCommand: Command = async (context) => {
  const kinds = { workspace: 'text', json: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 2, max: 2 })
  const [a, b] = words as [string, string]
  const { told, steps } = await withHost(context, options.workspace, { looks: true }, async (host) => ({
    told: await differencesOf(host, a, b),
    steps: options.json ? null : { a: await stepsOf(host, a), b: await stepsOf(host, b) }
  }))
  if (steps === null) context.print(JSON.stringify(told))
  else show(context, told, steps)
  return isSame(told) ? 0 : 1
}

const isSame = ({ outcomes, start, end, steps }: Differences): boolean =>
  outcomes[0] === outcomes[1] && start.length + end.length === 0 && steps.every(({ state }) => state === 'same')

const stepsOf = async (host: ConnectedHost, runId: string): Promise<readonly RunStep[]> =>
  unpackRun(await host.ask('runs.get', { runId })).steps

async function differencesOf(host: ConnectedHost, runId: string, otherId: string): Promise<Differences> {
  const steps: DiffStep[] = []
  for (let from = 0; ;) {
    const page: Result<'runs.differences'> = await host.ask('runs.differences', { runId, otherId, from, limit: 1000 })
    append(steps, page.steps)
    const { next, ...told } = page
    if (next === null) return { ...told, steps }
    from = next
  }
}

const signs = { same: ' ', different: '~', 'only a': '-', 'only b': '+' } as const
const shownParts = 5

function show(
  { print, color }: CommandContext,
  { summary, start, end, steps }: Differences,
  of: { readonly a: readonly RunStep[]; readonly b: readonly RunStep[] }
): void {
  const { dim, green, red, yellow, bold } = createStyle(color)
  const paint = { same: dim, different: yellow, 'only a': red, 'only b': green } as const
  for (const [i, text] of summary.entries()) print(i === 0 ? bold(visible(text)) : visible(text))
  print('')
  print(dim('     A     B'))
  if (start.length > 0) print(yellow('~    –     –  data that they started with'))
  for (const part of start.slice(0, shownParts)) print(`               ${partLine(part)}`)
  for (const { state, a, b, cause, differences } of steps) {
    const step = a === null ? of.b[(b ?? 1) - 1] : of.a[a - 1]
    const number = (value: number | null): string => (value === null ? '–' : String(value)).padStart(4)
    const words = state === 'different' && cause === 'before' ? 'input differs' : state
    const name = visible(`node ${step?.nodeId ?? '–'} ${step?.name || step?.moduleId || ''}`)
    print(paint[state](`${signs[state]} ${number(a)}  ${number(b)}  ${words.padEnd(19)}  ${name}`))
    if (cause !== 'itself') continue
    for (const part of differences.slice(0, shownParts)) print(`               ${partLine(part)}`)
    const more = differences.length - shownParts
    if (more > 0) print(dim(`               and ${more} more`))
  }
  if (end.length > 0) print(yellow('~    –     –  what is told of the end'))
  for (const part of end.slice(0, shownParts)) print(`               ${partLine(part)}`)
}

function partLine({ in: place, path, op, before, after }: DiffPart): string {
  const [was, is] = (op === 'changed' ? previewsOf(before, after) : [previewOf(before), previewOf(after)]).map(shownAs)
  const value = op === 'changed' ? `${was} → ${is}` : op === 'removed' ? `only in A: ${was}` : `only in B: ${is}`
  return visible(`${place}${path === '' ? '' : ` ${path}`}: ${value}`)
}
