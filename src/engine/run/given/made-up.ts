// What was made up, counted, so that a run can say it in a few plain sentences.
import { plural } from '../../../contract/words.ts'

type Noun =
  | 'event'
  | 'attribute'
  | 'object'
  | 'tag'
  | 'organisation'
  | 'proposal'
  | 'event report'
  | 'sighting'
  | 'object reference'
  | 'post'
  | 'thread'
  | 'analyst data'

const many = (count: number, noun: string): string =>
  plural(count, noun, noun === 'analyst data' ? 'analyst data' : `${noun}s`)

/** What was made of the columns of one kind of row. */
interface Columns {
  readonly rows: Set<object>
  readonly names: Set<string>
}

export class MadeUp {
  readonly #ids = new Map<Noun, number>()
  readonly #uuids = new Map<Noun, number>()
  readonly #references = new Map<string, number>()
  readonly #defaults = new Map<Noun, Columns>()
  readonly #dates = new Map<Noun, Set<object>>()
  readonly #leftOut = new Map<Noun, number>()
  #retyped = 0
  readonly #sentences: string[] = []

  id(noun: Noun): void {
    count(this.#ids, noun)
  }
  uuid(noun: Noun): void {
    count(this.#uuids, noun)
  }
  reference(column: string): void {
    count(this.#references, column)
  }
  date(noun: Noun, row: object): void {
    const rows = this.#dates.get(noun) ?? new Set()
    this.#dates.set(noun, rows.add(row))
  }
  fallback(noun: Noun, row: object, column: string): void {
    let columns = this.#defaults.get(noun)
    if (!columns) this.#defaults.set(noun, (columns = { rows: new Set(), names: new Set() }))
    columns.rows.add(row)
    columns.names.add(column)
  }
  leaveOut(noun: Noun, number: number): void {
    this.#leftOut.set(noun, (this.#leftOut.get(noun) ?? 0) + number)
  }
  retype(): void {
    this.#retyped++
  }
  say(sentence: string): void {
    this.#sentences.push(sentence)
  }

  /** In plain words; none where the data came as MISP hands it over. */
  sentences(): readonly string[] {
    const listed = (counts: ReadonlyMap<string, number>): string =>
      [...counts].map(([noun, number]) => many(number, noun)).join(', ')
    const out = [...this.#sentences]
    if (this.#ids.size > 0) out.push(`Made up, as saving in MISP gives them: the ids of ${listed(this.#ids)}.`)
    if (this.#uuids.size > 0) out.push(`Made up: the UUIDs of ${listed(this.#uuids)}.`)
    if (this.#references.size > 0) {
      const columns = [...this.#references].map(([column, number]) => `${column} (${plural(number, 'time')})`)
      out.push(`Made up, from where each thing stands: the references ${columns.join(', ')}.`)
    }
    if (this.#dates.size > 0)
      out.push(
        `Made up, from the other dates of the data: the dates of ${listed(new Map([...this.#dates].map(([noun, rows]) => [noun, rows.size])))}.`
      )
    for (const [noun, { rows, names }] of this.#defaults)
      out.push(`MISP’s defaults were filled in for ${many(rows.size, noun)}: ${[...names].join(', ')}.`)
    if (this.#leftOut.size > 0)
      out.push(`Left out, as MISP does not hand over what is deleted: ${listed(this.#leftOut)}.`)
    if (this.#retyped > 0)
      out.push(
        `${plural(this.#retyped, 'value is', 'values are')} written as MISP’s database has them (numbers as texts, flags as true and false).`
      )
    return out
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

export type { Noun }
