// What a run makes up by itself: the time on its clock and new UUIDs. They are others in every run and no differences.
import type { Json } from '../../../contract/json.ts'
import type { WorldChange } from '../../../contract/run.ts'
import { dateOf, secondsOf } from '../../world/dates.ts'

const uuids = /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/gi
const times = /\b\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d{10}\b/g

/** Texts longer than this are compared as they are. */
const longest = 1_000_000
const uuidLength = 36

export interface Clock {
  /** Unix seconds between which the run read its clock. */
  readonly from: number
  readonly to: number
}

/** What a run makes up: `plain` puts the same word in the place of each. What the run was given is not made up, whatever it looks like. */
export class OwnValues {
  #given: ReadonlySet<string> | null = null

  constructor(
    private readonly clock: Clock | null,
    /** What came from outside; asked for when something looks as if it were made up. */
    private readonly given: () => readonly Json[],
    /** The UUIDs that it drew; undefined: what did not come from outside is taken for drawn. */
    private readonly drawn?: ReadonlySet<string>
  ) {}

  plain(text: string): string {
    if (text.length > longest) return text
    const shown = text.length < uuidLength ? text : text.replace(uuids, (uuid) => (this.#isDrawn(uuid) ? 'uuid' : uuid))
    return this.clock === null || shown.length < 10
      ? shown
      : shown.replace(times, (time) => (this.#isTime(time) ? 'time' : time))
  }

  /** A change of the database without the columns in which it only tells when it was; null when there is nothing else. */
  plainChange(change: WorldChange): WorldChange | null {
    if (change.op !== 'changed') return change
    const fields = Object.entries(change.fields).filter(([, [, after]]) => !this.isTimeValue(after))
    if (fields.length === Object.keys(change.fields).length) return change
    return fields.length === 0 ? null : { ...change, fields: Object.fromEntries(fields) }
  }

  isTimeValue(value: Json): boolean {
    return typeof value === 'number' ? this.isNow(value) : typeof value === 'string' && this.plain(value) === 'time'
  }

  isNow(value: number): boolean {
    const { from, to } = this.clock ?? { from: Infinity, to: -Infinity }
    return value >= from && value <= to && this.#isOwnTime(String(value))
  }

  #isTime(text: string): boolean {
    const { from, to } = this.clock as Clock
    const isDay = text.length === 10 && text.includes('-')
    if (isDay) return text >= dateOf(from) && text <= dateOf(to) && this.#isOwnTime(text)
    const seconds = /^\d+$/.test(text) ? Number(text) : secondsOf(text)
    return seconds !== null && seconds >= from && seconds <= to && this.#isOwnTime(text)
  }

  /** What the clock showed is known to the second, or the time did not come with the data. */
  #isOwnTime(text: string): boolean {
    return this.clock?.from === this.clock?.to || !this.#isGiven(text)
  }

  #isDrawn(uuid: string): boolean {
    return this.drawn ? this.drawn.has(uuid.toLowerCase()) : !this.#isGiven(uuid)
  }

  #isGiven(text: string): boolean {
    this.#given ??= toldBy(this.given())
    return this.#given.has(text.toLowerCase())
  }
}

/** The UUIDs and times in values. */
function toldBy(given: readonly Json[]): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [...given]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'number') found.add(String(value))
    else if (typeof value === 'string') {
      if (value.length < 10 || value.length > longest) continue
      for (const [text] of value.matchAll(uuids)) found.add(text.toLowerCase())
      for (const [text] of value.matchAll(times)) found.add(text.toLowerCase())
    } else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) pending.push(inner)
  }
  return found
}
