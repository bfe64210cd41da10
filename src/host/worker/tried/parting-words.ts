// What two runs did where they part, in a few words: once with the values of these runs, once without.
import type { DifferencePlace } from '../../../contract/comparison.ts'
import type { RunStep } from '../../../contract/run-views.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import { previewOf, previewsOf } from '../../../engine/format/preview.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'
import type { Parting } from '../../../engine/replay/compare/parting.ts'
import type { Side } from '../../../engine/replay/compare/side.ts'
import { stepDifferences } from '../../../engine/replay/compare/step-differences.ts'
import type { Difference } from '../../../engine/replay/diff.ts'
import { endDifferences, shownDifferences } from '../compare/part-words.ts'

type Pair = readonly [before: string, after: string]

export interface PartingWords {
  readonly before: string
  readonly after: string
  readonly kind: Pair
}

interface Words {
  readonly own: Pair
  readonly kind: Pair
}

export function partingWords(compared: Compared, { row, in: places }: Parting): PartingWords {
  const ends: Pair = [endOf(compared.a), endOf(compared.b)]
  const { own, kind } = row === null ? endWords(compared, ends) : rowWords(compared, row, places)
  const withEnds = ([before, after]: Pair): Pair =>
    ends[0] === ends[1] ? [before, after] : [withEnd(before, ends[0]), withEnd(after, ends[1])]
  const [before, after] = withEnds(own)
  return { before, after, kind: withEnds(kind) }
}

const withEnd = (words: string, end: string): string => (words === end ? words : `${words}, then ${end}`)

function endOf({ run }: Side): string {
  const { finished } = run.fold
  if (!finished) return 'no end'
  return finished.throwable ? `${finished.outcome} (${finished.throwable.class})` : finished.outcome
}

/** Every step is the same: the outcome, or what is told of it. */
function endWords(compared: Compared, ends: Pair): Words {
  if (ends[0] !== ends[1] || compared.ends === null) return { own: ends, kind: ends }
  const [first] = endDifferences(compared, compared.ends)
  const kind: Pair = [ends[0], `${ends[1]}, with another message`]
  return { own: first ? valueWords(first) : kind, kind }
}

function rowWords(compared: Compared, row: number, places: readonly DifferencePlace[]): Words {
  const { a, b } = compared.rows[row]!
  if (a === null || b === null) return alike([came(compared, 'a', a, b), came(compared, 'b', b, a)])
  const [one, other] = [stepOf(compared.a, a), stepOf(compared.b, b)]
  const results: Pair = [resultOf(one), resultOf(other)]
  if (results[0] !== results[1]) return alike(results)
  const place = order.find((at) => places.includes(at)) ?? 'result'
  const part = stepDifferences(compared, { ...compared.rows[row]!, in: [place] })[0]
  const [first] = part ? shownDifferences(compared, part, a, b).differences : []
  const kind = kindOf(compared, place, a, b)
  return { own: first ? valueWords(first, place) : kind, kind }
}

const alike = (kind: Pair): Words => ({ own: kind, kind })

/** What is told first where a step came to the same result. */
const order: readonly DifferencePlace[] = ['effects', 'world', 'errors', 'result']

const stepOf = ({ run }: Side, step: number): RunStep => run.fold.steps[step - 1]!

/** Only one of the runs has the step: the other one threw in it, ended before it, or went another way. */
function came({ a, b }: Compared, side: 'a' | 'b', step: number | null, there: number | null): string {
  const own = side === 'a' ? a : b
  if (step !== null) return resultOf(stepOf(own, step))
  const other = side === 'a' ? b : a
  const { finished } = own.run.fold
  const nodeId = there === null ? null : stepOf(other, there).nodeId
  if (finished?.throwable && finished.throwable.nodeId === nodeId) return endOf(own)
  return own.run.fold.steps.length === 0 ? endOf(own) : 'not executed'
}

function resultOf({ moduleType, result, success, branch }: RunStep): string {
  if (result === 'disabled_module') return 'disabled'
  if (result === 'loading_error') return 'unknown module'
  if (result === 'error') return 'exception'
  if (moduleType !== 'logic') return success ? 'success' : 'failure'
  return branch === 'output_1'
    ? 'true'
    : branch === 'output_2'
      ? 'false'
      : success
        ? 'true, no way on'
        : 'false, no way on'
}

/** Without values: how many requests of which kind, which tables; where these are the same, that they are others. */
function kindOf({ a, b }: Compared, place: DifferencePlace, stepA: number, stepB: number): Pair {
  const said = (side: Side, step: number): string => {
    const { effects } = side.run.fold.data[step - 1]!
    if (place === 'effects')
      return counted(
        'sends',
        effects.map(({ effect }) => effect.kind)
      )
    if (place === 'world')
      return counted(
        'changes',
        (side.changes.get(step - 1) ?? []).map(({ table }) => table)
      )
    return place === 'errors' ? 'reports an error' : 'says one thing'
  }
  const [before, after] = [said(a, stepA), said(b, stepB)]
  return before === after ? [before, others[place] ?? 'says another'] : [before, after]
}

const others: { readonly [P in DifferencePlace]?: string } = {
  effects: 'sends something else, or is answered differently',
  world: 'changes something else',
  errors: 'reports another error'
}

/** `sends 2 http, 1 mail`. */
function counted(verb: string, names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const told = [...counts].map(([name, n]) => (n === 1 ? name : `${n} ${name}`))
  return `${verb} ${told.length === 0 ? 'nothing' : told.join(', ')}`
}

/** `http 1 body: {"a":1}`. */
function valueWords({ path, before, after, op }: Difference, place?: DifferencePlace): Pair {
  const name = path.filter((key) => key !== 'effect').join(' ')
  const lead = place === undefined ? name : place === 'errors' ? '' : `${verbs[place] ?? ''}${name}`
  const [was, is] = op === 'changed' ? previewsOf(before, after) : [previewOf(before), previewOf(after)]
  const told = (shown: string, isThere: boolean): string => {
    const text = isThere ? maskUrls(shown) : 'nothing'
    return lead === '' ? text || 'an empty text' : `${lead}: ${text || 'empty'}`
  }
  return [told(was, op !== 'added'), told(is, op !== 'removed')]
}

const verbs: { readonly [P in DifferencePlace]?: string } = { effects: '', world: 'database, ' }
