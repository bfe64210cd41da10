// Two values that should be the same: what MISP posted and what an offline run gives. What the offline run made up (times, UUIDs, ids of
// rows that it created) is compared by its shape.
import { pathOf, type Place } from '../place.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { secondsOf } from '../../world/dates.ts'

export interface MadeUp {
  readonly uuids: ReadonlySet<string>
  /** Ids of rows that the run created. */
  readonly ids: ReadonlySet<string>
  /** Unix seconds: the offline run's clock, and the span of the captured run. */
  readonly now: number
  readonly from: number
  readonly to: number
}

export interface ValueDifference {
  readonly path: readonly string[]
  /** Undefined: it is not there. */
  readonly expected: Json | undefined
  readonly actual: Json | undefined
}

/** What was compared by its shape, by kind. */
export interface ByShape {
  times: number
  uuids: number
  ids: number
}

/** Keys that a filter of the walk adds are data like others; empty lists and empty maps are one thing to PHP. */
export class Comparison {
  readonly byShape: ByShape = { times: 0, uuids: 0, ids: 0 }
  readonly #equal = new WeakMap<object, object>()
  /** A made-up value stands for one value of MISP, everywhere. */
  readonly #stands = new Map<string, string>()

  /** Paths whose differences a person expects, by what they stand in. */
  readonly #expected = new Set<string>()
  #within = ''

  constructor(private readonly made: MadeUp) {}

  /** From now on a difference there is none. `within`: as `first` was given it. */
  expect(within: string, path: string): void {
    this.#expected.add(`${within} ${path}`)
  }

  /** The first difference in the order of MISP's value; null: none. */
  first(
    expected: Json | undefined,
    actual: Json | undefined,
    { root = [], within = '' }: { readonly root?: readonly string[]; readonly within?: string } = {}
  ): ValueDifference | null {
    this.#within = within
    return this.#look(expected, actual, null, root)
  }

  #look(
    expected: Json | undefined,
    actual: Json | undefined,
    place: Where,
    root: readonly string[]
  ): ValueDifference | null {
    if (expected === actual) return null
    if (typeof expected !== 'object' || typeof actual !== 'object' || expected === null || actual === null) {
      if (expected !== undefined && actual !== undefined && this.#alike(expected, actual, place?.key ?? '')) return null
      return this.#differ(expected, actual, place, root)
    }
    if (this.#equal.get(expected) === actual) return null
    const found = this.#lookInto(expected as JsonMap, actual as JsonMap, place, root)
    if (found === null) this.#equal.set(expected, actual)
    return found
  }

  #lookInto(expected: JsonMap, actual: JsonMap, place: Where, root: readonly string[]): ValueDifference | null {
    const names = Object.keys(expected)
    const others = Object.keys(actual)
    if (names.length === 0 && others.length === 0) return null
    if (Array.isArray(expected) !== Array.isArray(actual) && names.length > 0 && others.length > 0)
      return this.#differ(expected, actual, place, root)
    for (const key of names) {
      const other = Object.hasOwn(actual, key) ? actual[key] : undefined
      const found = this.#look(expected[key] as Json, other as Json | undefined, { above: place, key }, root)
      if (found !== null) return found
    }
    for (const key of others) {
      if (Object.hasOwn(expected, key)) continue
      const found = this.#differ(undefined, actual[key] as Json, { above: place, key }, root)
      if (found !== null) return found
    }
    return null
  }

  #differ(
    expected: Json | undefined,
    actual: Json | undefined,
    place: Where,
    root: readonly string[]
  ): ValueDifference | null {
    const path = [...root, ...pathOf(place)]
    if (this.#expected.size > 0 && this.#expected.has(`${this.#within} ${path.join('.')}`)) return null
    return { path, expected, actual }
  }

  /** Made-up values by their shape. */
  #alike(expected: Json, actual: Json, key: string): boolean {
    if (typeof expected === 'object' || typeof actual === 'object') return false
    if (typeof expected !== typeof actual) return false
    const [theirs, ours] = [String(expected), String(actual)]
    if (ours === String(this.made.now) && this.#isTime(theirs)) return this.#count('times')
    if (isIdKey(key) && this.made.ids.has(ours) && /^\d+$/.test(theirs))
      return this.#standsFor(`id ${key} ${ours}`, theirs, 'ids')
    return typeof expected === 'string' && typeof actual === 'string' && this.#alikeTexts(theirs, ours)
  }

  #isTime(text: string): boolean {
    return /^\d{9,11}$/.test(text) && Number(text) >= this.made.from - slack && Number(text) <= this.made.to + slack
  }

  #alikeTexts(theirs: string, given: string): boolean {
    if (given.length > mostCompared || theirs.length > mostCompared) return false
    const ours = given.replace(modulePlace, '')
    if (ours === theirs) return true
    const [mine, yours] = [ours.split(tokens), theirs.split(tokens)]
    if (mine.length !== yours.length || mine.length === 1) return false
    return mine.every((part, i) => {
      const other = yours[i] ?? ''
      if (part === other) return true
      if (i % 2 === 0) return false
      if (this.made.uuids.has(part)) return this.#standsFor(`uuid ${part}`, other, 'uuids')
      if (part.endsWith(' ms')) return other.endsWith(' ms') && this.#count('times')
      if (part === String(this.made.now)) return this.#isTime(other) && this.#count('times')
      return this.#alikeDates(other, part)
    })
  }

  #alikeDates(theirs: string, ours: string): boolean {
    const [a, b] = [secondsOf(theirs), secondsOf(ours)]
    if (a === null || b === null || ours.length !== theirs.length) return false
    const span = ours.length === 10 ? 86_400 : slack
    if (Math.abs(b - this.made.now) > (ours.length === 10 ? 86_400 : 0)) return false
    return a >= this.made.from - span && a <= this.made.to + span && this.#count('times')
  }

  #standsFor(made: string, theirs: string, what: keyof ByShape): boolean {
    const known = this.#stands.get(made)
    if (known !== undefined && known !== theirs) return false
    this.#stands.set(made, theirs)
    return this.#count(what)
  }

  #count(what: keyof ByShape): true {
    this.byShape[what]++
    return true
  }
}

type Where = Place<string> | null

/** Seconds by which clocks of a MISP and its workers may be apart. */
const slack = 5
const mostCompared = 100_000

/** Where a custom module of the workspace threw: Retrace's own words behind the text. */
const modulePlace = / \(modules\/[^()\n]{1,200}:\d+\)$/

const isIdKey = (key: string): boolean => key === 'id' || key.endsWith('_id')

/** UUIDs, dates, numbers that may be times, and how long a connection was tried; odd parts of a split. */
const tokens =
  /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d{9,11}\b|(?<=after )\d+ ms)/
