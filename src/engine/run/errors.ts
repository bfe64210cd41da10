// `array &$errors`: what a module reports. Keys are PHP array keys; `$errors[] =` takes the next integer.
import type { Json } from '../../contract/json.ts'
import { isIntegerKey } from '../php/values.ts'

export class ErrorList {
  readonly #items = new Map<string, Json>()
  #next = 0

  add(text: Json): void {
    this.#items.set(String(this.#next++), text)
  }

  set(key: string, value: Json): void {
    this.#items.set(key, value)
    if (isIntegerKey(key)) this.#next = Math.max(this.#next, Number(key) + 1)
  }

  get isEmpty(): boolean {
    return this.#items.size === 0
  }

  /** The texts in the order in which they were added. */
  texts(): readonly Json[] {
    return [...this.#items.values()]
  }

  /** The PHP array: a list when the keys are 0..n-1 in order. */
  toJson(): Json {
    let next = 0
    for (const key of this.#items.keys()) if (key !== String(next++)) return Object.fromEntries(this.#items)
    return this.texts() as Json
  }
}
