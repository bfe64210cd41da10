// How a run's events become text and come back with their sharing. Snapshots of a run share nearly all of their structure, so each
// container (list or map) is written once, where it first occurs, and counted in that order; later occurrences are references.
//
//   {"$": n}                the n-th container
//   {"$s": [n, at, count]}  as an item of a list: `count` consecutive entries of container n, from position `at`
//   {"$o": [key, value, …, {"$s": …}, …]}   a map whose entries partly come from another container (keys and values)
//   {"$l": {…}}             a map that would look like one of these
//
// Empty lists and maps are not counted. So a list of 100,000 attributes of which one changed costs that one and two ranges.
import type { Json, JsonMap } from '../../contract/json.ts'
import { EMPTY_OBJECT, setOwn } from './foreign-keys.ts'

const flushAt = 1 << 16
/** Smaller maps are written whole: ranges would not be shorter. */
const mapRangeFrom = 32

/** Writes values one after the other into one stream of text; what an earlier value holds is not written again. */
export class SharingEncoder {
  readonly #numbers = new Map<object, number>()
  readonly #containers: object[] = []
  readonly #parents: number[] = []
  readonly #positions: number[] = []
  readonly #keys = new Map<number, readonly string[]>()
  #pieces: string[] = []
  #length = 0

  #flush(): string {
    const text = this.#pieces.join('')
    this.#pieces = []
    this.#length = 0
    return text
  }

  /** Text of the value in pieces of about 64 KB; the caller decides when to breathe between them. */
  *encode(value: Json): Generator<string, void, void> {
    yield* this.#write(value, -1, 0)
    yield this.#flush()
  }

  #put(text: string): void {
    this.#pieces.push(text)
    this.#length += text.length
  }

  *#write(value: Json, parent: number, position: number): Generator<string, void, void> {
    if (value === null || typeof value !== 'object') return this.#put(JSON.stringify(value) ?? 'null')
    const known = this.#numbers.get(value)
    if (known !== undefined) return this.#put(`{"$":${known}}`)
    if (this.#length > flushAt) yield this.#flush()
    if (Array.isArray(value)) yield* this.#writeList(value as readonly Json[], parent, position)
    else yield* this.#writeMap(value as JsonMap, parent, position)
  }

  #count(container: object, parent: number, position: number): number {
    const number = this.#containers.length
    this.#numbers.set(container, number)
    this.#containers.push(container)
    this.#parents.push(parent)
    this.#positions.push(position)
    return number
  }

  *#writeList(list: readonly Json[], parent: number, position: number): Generator<string, void, void> {
    if (list.length === 0) return this.#put('[]')
    const self = this.#count(list, parent, position)
    this.#put('[')
    for (let i = 0; i < list.length;) {
      if (i > 0) this.#put(',')
      const run = this.#rangeAt((n) => list[i + n], list.length - i, self)
      if (run) {
        this.#put(`{"$s":[${run.from},${run.at},${run.count}]}`)
        i += run.count
      } else {
        yield* this.#write(list[i] as Json, self, i)
        i++
      }
    }
    this.#put(']')
  }

  *#writeMap(map: JsonMap, parent: number, position: number): Generator<string, void, void> {
    const keys = Object.keys(map)
    if (keys.length === 0) return this.#put('{}')
    const self = this.#count(map, parent, position)
    if (keys.length >= mapRangeFrom && this.#hasRange(map, keys, self)) return yield* this.#writeRanges(map, keys, self)
    const looksSpecial = keys.length === 1 && (keys[0] as string).startsWith('$')
    this.#put(looksSpecial ? '{"$l":{' : '{')
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      this.#put(`${i > 0 ? ',' : ''}${JSON.stringify(key)}:`)
      yield* this.#write(map[key] as Json, self, i)
    }
    this.#put(looksSpecial ? '}}' : '}')
  }

  #hasRange(map: JsonMap, keys: readonly string[], self: number): boolean {
    for (let i = 0; i + 1 < keys.length; i++) {
      const run = this.#rangeAt(
        (n) => map[keys[i + n] as string],
        Math.min(2, keys.length - i),
        self,
        (n) => keys[i + n] as string
      )
      if (run) return true
    }
    return false
  }

  *#writeRanges(map: JsonMap, keys: readonly string[], self: number): Generator<string, void, void> {
    this.#put('{"$o":[')
    for (let i = 0; i < keys.length;) {
      if (i > 0) this.#put(',')
      const run = this.#rangeAt(
        (n) => map[keys[i + n] as string],
        keys.length - i,
        self,
        (n) => keys[i + n] as string
      )
      if (run) {
        this.#put(`{"$s":[${run.from},${run.at},${run.count}]}`)
        i += run.count
      } else {
        this.#put(`${JSON.stringify(keys[i])},`)
        yield* this.#write(map[keys[i] as string] as Json, self, i)
        i++
      }
    }
    this.#put(']}')
  }

  /** The longest run of entries that stand side by side in one earlier container (with the same keys, when keys matter); at least 2. */
  #rangeAt(
    entry: (n: number) => Json | undefined,
    most: number,
    self: number,
    key?: (n: number) => string
  ): { from: number; at: number; count: number } | null {
    const first = this.#numberOf(entry(0))
    if (first === undefined) return null
    const from = this.#parents[first] as number
    const at = this.#positions[first] as number
    if (from < 0 || from === self) return null
    let count = 0
    for (; count < most; count++) {
      const number = count === 0 ? first : this.#numberOf(entry(count))
      if (number === undefined || this.#parents[number] !== from || this.#positions[number] !== at + count) break
      if (key && key(count) !== this.#keyAt(from, at + count)) break
    }
    return count >= 2 ? { from, at, count } : null
  }

  #numberOf(value: Json | undefined): number | undefined {
    return value !== null && typeof value === 'object' ? this.#numbers.get(value) : undefined
  }

  #keyAt(container: number, position: number): string {
    const value = this.#containers[container] as object
    if (Array.isArray(value)) return String(position)
    let keys = this.#keys.get(container)
    if (!keys) this.#keys.set(container, (keys = Object.keys(value)))
    return keys[position] as string
  }
}

/** Reads what SharingEncoder wrote, value by value in the same order. Takes parsed JSON and may reuse it. */
export class SharingDecoder {
  readonly #containers: object[] = []
  readonly #values = new Map<number, readonly (readonly [string, Json])[]>()

  decode(raw: unknown): Json {
    if (raw === null || typeof raw !== 'object') return raw as Json
    if (Array.isArray(raw)) return this.#list(raw as unknown[])
    const map = raw as Record<string, unknown>
    const keys = Object.keys(map)
    if (keys.length === 0) return EMPTY_OBJECT
    if (keys.length === 1 && (keys[0] as string).startsWith('$'))
      return this.#special(keys[0] as string, map[keys[0] as string])
    return this.#map(map, keys)
  }

  #list(raw: unknown[]): Json {
    if (raw.length === 0) return raw as Json[]
    const ranged = raw.some(isRange)
    const result: Json[] = ranged ? [] : (raw as Json[])
    this.#containers.push(result)
    if (!ranged) for (let i = 0; i < raw.length; i++) result[i] = this.decode(raw[i])
    else {
      for (const item of raw) {
        if (isRange(item)) for (const [, value] of this.#range(item)) result.push(value)
        else result.push(this.decode(item))
      }
    }
    return result
  }

  #map(map: Record<string, unknown>, keys: readonly string[]): Json {
    this.#containers.push(map)
    for (const key of keys) {
      const before = map[key]
      if (before === null || typeof before !== 'object') continue
      const value = this.decode(before)
      if (value !== before) setOwn(map, key, value)
    }
    return map as JsonMap
  }

  #special(key: string, value: unknown): Json {
    if (key === '$') return this.#container(value) as Json
    if (key === '$l') return this.#map(value as Record<string, unknown>, Object.keys(value as object))
    if (key !== '$o' || !Array.isArray(value)) throw new SyntaxError(`unknown mark ${key}`)
    const result: Record<string, unknown> = {}
    this.#containers.push(result)
    for (let i = 0; i < value.length; i++) {
      const item = value[i] as unknown
      if (isRange(item)) for (const [name, entry] of this.#range(item)) setOwn(result, name, entry)
      else setOwn(result, String(item), this.decode(value[++i]))
    }
    return result as JsonMap
  }

  #range(item: { readonly $s: readonly [number, number, number] }): readonly (readonly [string, Json])[] {
    const [from, at, count] = item.$s
    const container = this.#container(from)
    if (Array.isArray(container)) {
      return (container as Json[]).slice(at, at + count).map((value, i) => [String(at + i), value] as const)
    }
    let entries = this.#values.get(from)
    if (!entries) this.#values.set(from, (entries = Object.entries(container as JsonMap)))
    return entries.slice(at, at + count)
  }

  #container(number: unknown): object {
    const container = typeof number === 'number' ? this.#containers[number] : undefined
    if (!container) throw new SyntaxError(`no container ${String(number)}`)
    return container
  }
}

function isRange(item: unknown): item is { readonly $s: readonly [number, number, number] } {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return false
  const range = (item as { $s?: unknown }).$s
  return Array.isArray(range) && Object.keys(item).length === 1
}
