// Which of the things that a step sent or changed belong together in two runs: what is the same, then what is asked under the same name (a
// template by its parameter, a query by its module and attribute), then what is left, in its order. Partners have one name on both sides.
import type { Json } from '../../../contract/json.ts'
import type { WorldChange } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { plainEffect } from './plain-effect.ts'

interface Kind<T> {
  /** Only things of one kind belong together: `http`, `template body`, `tags added`. */
  readonly kindOf: (item: T) => string
  /** What it is about, apart from how it came out. */
  readonly keyOf: (item: T) => string
}

type IsSame = (a: Json, b: Json) => boolean
export type Names = readonly [a: readonly string[], b: readonly string[]]

/** Things stand in much the same order on both sides; only the next ones are looked at. */
const nearest = 32

const effectKind: Kind<RunEffect> = {
  kindOf: ({ effect }) => (effect.kind === 'template' ? `template ${effect.param}` : effect.kind),
  keyOf: ({ effect }) => {
    switch (effect.kind) {
      case 'http':
        return `${effect.method} ${effect.url}`
      case 'mail':
        return effect.to
      case 'zmq':
        return effect.topic
      case 'template':
        return effect.template
      case 'misp-modules': {
        const { module = null, attribute_uuid = null } = effect.body
        return JSON.stringify([module, attribute_uuid])
      }
      default: {
        const never: never = effect
        throw new Error(`unknown effect ${String(never)}`)
      }
    }
  }
}

const changeKind: Kind<WorldChange> = {
  kindOf: ({ table, op }) => `${table} ${op}`,
  keyOf: (change) => (change.op === 'changed' ? change.id : '')
}

export const effectNames = (a: readonly RunEffect[], b: readonly RunEffect[], isSame: IsSame): Names =>
  namesOf(a, b, effectKind, (one, other) => isSame(plainEffect(one), plainEffect(other)))

export const changeNames = (a: readonly WorldChange[], b: readonly WorldChange[], isSame: IsSame): Names =>
  namesOf(a, b, changeKind, (one, other) => isSame(one as unknown as Json, other as unknown as Json))

/** `http 1`, `http 2`, `template body 1`: counted by kind in the order of A, then of what only B has. */
function namesOf<T>(a: readonly T[], b: readonly T[], kind: Kind<T>, isSame: (one: T, other: T) => boolean): Names {
  const { kindOf, keyOf } = kind
  const partners = new Map<number, number>()
  const rounds: readonly ((one: T, other: T) => boolean)[] = [
    isSame,
    (one, other) => keyOf(one) === keyOf(other),
    () => true
  ]
  const open = byKind(b, kindOf)
  for (const isPartner of rounds)
    for (const [i, item] of a.entries()) {
      if (partners.has(i)) continue
      const waiting = open.get(kindOf(item)) ?? []
      const at = waiting.slice(0, nearest).findIndex((k) => isPartner(item, b[k]!))
      if (at >= 0) partners.set(i, waiting.splice(at, 1)[0]!)
    }
  const counts = new Map<string, number>()
  const next = (item: T): string => {
    const of = kindOf(item)
    counts.set(of, (counts.get(of) ?? 0) + 1)
    return `${of} ${counts.get(of)}`
  }
  const namesA = a.map(next)
  const ofB = new Map([...partners].map(([i, k]) => [k, namesA[i]!]))
  return [namesA, b.map((item, k) => ofB.get(k) ?? next(item))]
}

/** Positions, which are taken out one by one. */
function byKind<T>(items: readonly T[], kindOf: (item: T) => string): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [i, item] of items.entries()) {
    const known = found.get(kindOf(item))
    if (known) known.push(i)
    else found.set(kindOf(item), [i])
  }
  return found
}
