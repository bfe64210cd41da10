// What a hash path finds in the data of one step after the other. Data is shared between steps, so what stands under the path's first literal
// keys is mostly the very same container as before, and nothing has to be looked for again.
import type { Json } from '../../contract/json.ts'
import { locateSteps } from '../hash/locate.ts'
import type { Located } from '../hash/locate.ts'
import { compilePath } from '../hash/path.ts'
import { createScope } from '../hash/report.ts'

/** Values that are looked at of one step. */
const mostFound = 10_000

export class PathReader {
  readonly path: string
  readonly #literal: readonly string[]
  /** One budget for the regular expressions of all steps. */
  readonly #scope = createScope()
  #found: readonly Located[] = []
  #box: Json | undefined
  #isFirst = true

  constructor(path: string) {
    this.path = path
    const { tokens, plain } = compilePath(path)
    const keys = tokens.map(({ text }) => text)
    const end = plain ? keys.length : tokens.findIndex(({ kind, conditions }) => kind !== 'key' || conditions !== null)
    this.#literal = keys.slice(0, end < 0 ? keys.length : end)
  }

  /** The same list as before where nothing can have changed. */
  read(data: Json): readonly Located[] {
    const box = this.#boxOf(data)
    if (!this.#isFirst && box === this.#box) return this.#found
    this.#isFirst = false
    this.#box = box
    this.#found = locateSteps(data, this.path, mostFound, this.#scope).at(-1) ?? []
    return this.#found
  }

  #boxOf(data: Json): Json | undefined {
    let here: Json | undefined = data
    for (const key of this.#literal) {
      if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
      here = (here as { readonly [key: string]: Json })[key]
    }
    return here
  }
}
