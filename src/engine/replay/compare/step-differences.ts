// What one line of a comparison differs in, part by part, place by place.
import type { ComparedStep, DifferencePlace } from '../../../contract/comparison.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { WorldChange } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { diff } from '../diff.ts'
import type { Difference } from '../diff.ts'
import { resultOf, settingsOf } from './compare-runs.ts'
import type { Compared } from './compare-runs.ts'
import { changeNames, effectNames } from './pair-items.ts'
import { plainEffect } from './plain-effect.ts'
import type { Sameness } from './sameness.ts'
import type { Side } from './side.ts'

/** More differences of one part are not looked for. */
const mostFound = 200_000

export interface PartDifferences {
  readonly in: DifferencePlace
  readonly before: Json
  readonly after: Json
  readonly differences: readonly Difference[]
  /** There are more. */
  readonly isCut: boolean
}

/** Differences of what the runs started with. */
export function startDifferences(compared: Compared): readonly PartDifferences[] {
  const [a, b] = [compared.a.run.fold, compared.b.run.fold]
  const pairs = { input: [a.original, b.original], output: [a.normalized, b.normalized] } as const
  // What was made of the data says the same again, mostly: it is only told where that is all.
  const place = compared.start.includes('input') ? 'input' : compared.start[0]
  if (place !== 'input' && place !== 'output') return []
  const [before = null, after = null] = pairs[place]
  return [differencesOf(compared.sameness, place, before, after)]
}

/** Nothing for a step that only one of the runs has. What a step only hands on of a difference in its input is not told again of its output. */
export function stepDifferences(compared: Compared, { a, b, in: places }: ComparedStep): readonly PartDifferences[] {
  if (a === null || b === null) return []
  const found: PartDifferences[] = []
  let inherited: PartDifferences | null = null
  for (const place of places) {
    const part = differencesOf(compared.sameness, place, ...partsOf(compared, a - 1, b - 1, place))
    if (place === 'input') inherited = part
    const own = place === 'output' && inherited ? notInherited(part, inherited) : part
    if (own.differences.length > 0) found.push(own)
  }
  return found
}

/** How the effects of a step are shown. */
type ShowEffect = (effect: RunEffect) => RunEffect

/** A part of two steps as values. `show`: for effects, which may be shown otherwise than they are compared. */
export function partsOf(
  { a, b, sameness }: Compared,
  one: number,
  other: number,
  place: DifferencePlace,
  show: ShowEffect = (effect) => effect
): readonly [Json, Json] {
  const isSame = sameness.isSame.bind(sameness)
  if (place === 'effects') {
    const [was, is] = [a.run.fold.data[one]!.effects, b.run.fold.data[other]!.effects]
    const names = effectNames(was, is, isSame)
    return [named(names[0], was.map(show), plainEffect), named(names[1], is.map(show), plainEffect)]
  }
  if (place === 'world') {
    const [was, is] = [a.changes.get(one) ?? [], b.changes.get(other) ?? []]
    const names = changeNames(was, is, isSame)
    return [named(names[0], was, plainChange), named(names[1], is, plainChange)]
  }
  return [partOf(a, one, place), partOf(b, other, place)]
}

function partOf(side: Side, position: number, place: Exclude<DifferencePlace, 'effects' | 'world'>): Json {
  const data = side.data[position]!
  switch (place) {
    case 'input':
    case 'output':
    case 'errors':
      return data[place]
    case 'parameters':
      return settingsOf(side, position, data.params)
    case 'result':
      return resultOf(side, position)
    default: {
      const never: never = place
      throw new Error(`unknown place ${String(never)}`)
    }
  }
}

const named = <T>(names: readonly string[], items: readonly T[], valueOf: (item: T) => Json): JsonMap =>
  Object.fromEntries(names.map((name, i) => [name, valueOf(items[i]!)]))

const plainChange = (change: WorldChange): Json =>
  (change.op === 'changed' ? { id: change.id, ...change.fields } : change.row) as Json

function differencesOf(sameness: Sameness, place: DifferencePlace, before: Json, after: Json): PartDifferences {
  const all = diff(before, after, { limit: mostFound })
  return { in: place, before, after, differences: withoutOwn(all, sameness), isCut: all.length > mostFound }
}

/** Without what the runs made up by themselves: an item with a new UUID is told by its value. */
function withoutOwn(all: readonly Difference[], sameness: Sameness): readonly Difference[] {
  const left = all.filter((one) => {
    const { op, path, before, after } = one
    if (op !== 'changed') return !sameness.isLonelyTime(one)
    const key = String(path.at(-1) ?? '')
    // What a value means may depend on its key.
    return !sameness.isSame({ [key]: before ?? null }, { [key]: after ?? null })
  })
  const removed = new Map<string, Difference[]>()
  for (const one of left) {
    if (one.op !== 'removed') continue
    const list = JSON.stringify(one.path.slice(0, -1))
    const known = removed.get(list)
    if (known) known.push(one)
    else removed.set(list, [one])
  }
  const dropped = new Set<Difference>()
  for (const one of left) {
    if (one.op !== 'added') continue
    const there = removed.get(JSON.stringify(one.path.slice(0, -1)))
    // They stand in the same order on both sides; only the next ones are looked at.
    const at = there?.slice(0, nearest).findIndex((other) => sameness.isSame(other.before, one.after)) ?? -1
    const [other] = at < 0 ? [] : (there?.splice(at, 1) ?? [])
    if (other) dropped.add(one).add(other)
  }
  return dropped.size === 0 ? left : left.filter((one) => !dropped.has(one))
}

const nearest = 32

function notInherited(part: PartDifferences, from: PartDifferences): PartDifferences {
  const known = new Map(from.differences.map((one) => [`${one.op} ${JSON.stringify(one.path)}`, one]))
  const values = new Set<Json>()
  for (const { op, before, after } of from.differences) {
    const value = op === 'removed' ? before : after
    if (typeof value === 'object' && value !== null) values.add(value)
  }
  const isKnown = (one: Difference): boolean => {
    const there = known.get(`${one.op} ${JSON.stringify(one.path)}`)
    if (there && there.before === one.before && there.after === one.after) return true
    const value = (one.op === 'removed' ? one.before : one.after) ?? null
    return one.op !== 'changed' && values.has(value)
  }
  return { ...part, differences: part.differences.filter((one) => !isKnown(one)) }
}
