// A fingerprint of a value of any size, without making one text of it: a world may hold warninglists of a million entries.
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'

/** Values that stay the same object while they are the same, and are large. */
const known = new WeakMap<object, string>()
const bufferedCharacters = 64 * 1024

class Writer {
  #text = ''
  constructor(private readonly hash: Hash) {}

  add(text: string): void {
    this.#text += text
    if (this.#text.length > bufferedCharacters) this.flush()
  }

  flush(): void {
    this.hash.update(this.#text)
    this.#text = ''
  }
}

/** As JSON, keys in their order: PHP's arrays have one. */
function write(value: unknown, writer: Writer): void {
  if (typeof value !== 'object' || value === null) return writer.add(`${JSON.stringify(value) ?? 'null'},`)
  if (Array.isArray(value)) {
    writer.add('[')
    for (const item of value) write(item, writer)
    return writer.add('],')
  }
  writer.add('{')
  for (const key of Object.keys(value)) {
    const item = (value as { readonly [key: string]: unknown })[key]
    if (item === undefined) continue
    writer.add(`${JSON.stringify(key)}:`)
    write(item, writer)
  }
  writer.add('},')
}

/** SHA-256 of plain JSON. */
export function fingerprint(value: unknown): string {
  const hash = createHash('sha256')
  const writer = new Writer(hash)
  write(value, writer)
  writer.flush()
  return hash.digest('hex')
}

/** The same, kept while the object lives. Only for what nobody changes. */
export function keptFingerprint(value: object): string {
  const found = known.get(value) ?? fingerprint(value)
  known.set(value, found)
  return found
}
