// What one line of a comparison differs in, part by part, place by place.
import type { ComparedStep, DifferencePlace } from '../../../contract/comparison.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { WorldChange } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { diff } from '../diff.ts'
import type { Difference } from '../diff.ts'
import { plainEffect, resultOf, settingsOf } from './compare-runs.ts'
import type { Compared } from './compare-runs.ts'
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
    const part = differencesOf(
      compared.sameness,
      place,
      partOf(compared.a, a - 1, place),
      partOf(compared.b, b - 1, place)
    )
    if (place === 'input') inherited = part
    const own = place === 'output' && inherited ? notInherited(part, inherited) : part
    if (own.differences.length > 0) found.push(own)
  }
  return found
}

/** A part of a step as a value. `effects`: its effects, where they are shown otherwise. */
export function partOf(
  side: Side,
  position: number,
  place: DifferencePlace,
  effects = side.run.fold.data[position]!.effects
): Json {
  const data = side.data[position]!
  switch (place) {
    case 'input':
    case 'output':
    case 'errors':
      return data[place]
    case 'parameters':
      return settingsOf(side, position, data.params)
    case 'effects':
      return effectsValue(effects)
    case 'world':
      return worldValue(side.changes.get(position) ?? [])
    case 'result':
      return resultOf(side, position)
    default: {
      const never: never = place
      throw new Error(`unknown place ${String(never)}`)
    }
  }
}

/** Entries under names that count per kind: `http 1`, `http 2`, `mail 1`. */
function named<T>(items: readonly T[], nameOf: (item: T) => string, valueOf: (item: T) => Json): JsonMap {
  const counts = new Map<string, number>()
  return Object.fromEntries(
    items.map((item) => {
      const name = nameOf(item)
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      return [`${name} ${count}`, valueOf(item)]
    })
  )
}

const effectsValue = (effects: readonly RunEffect[]): JsonMap =>
  named(effects, ({ effect }) => effect.kind, plainEffect)

const worldValue = (changes: readonly WorldChange[]): JsonMap =>
  named(
    changes,
    ({ table, op }) => `${table} ${op}`,
    (change) => (change.op === 'changed' ? { id: change.id, ...change.fields } : change.row) as JsonMap
  )

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
