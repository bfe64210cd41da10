// Whether values of two runs are the same, but for what each run made up by itself. Snapshots of a run share what did not change, so what was
// found to be the same once is not walked again.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { valueAt } from '../../format/values.ts'
import { isSame } from '../diff.ts'
import type { Difference } from '../diff.ts'
import type { NodeMatch } from './match-nodes.ts'
import type { OwnValues } from './own-values.ts'

/** Where the data of a concurrent branch names its first node. */
const nodeKey = '__node_id_to_exec'

/** Deeper values are compared to the letter. */
const deepest = 200

/** Two values that are known to be the same; what has the same parts of both is the same. */
type Known = readonly [a: Json, b: Json] | null

export class Sameness {
  /** Parts of A with the part of B that they are the same as. */
  readonly #same = new WeakMap<object, object>()
  readonly #roots = new WeakMap<object, readonly [other: Json, isSame: boolean]>()
  /** Where the last two values differed, from the leaf up. */
  #failed: (string | number)[] = []
  #witness: ValuePath | null = null
  /** Values that were looked at: what tests hold the cost against. */
  looked = 0

  constructor(
    private readonly a: OwnValues,
    private readonly b: OwnValues,
    private readonly nodes: NodeMatch
  ) {}

  /** Of the data of a step; `known`: of the step's input where that is the same. */
  isSameData(a: Json, b: Json, known: Known = null): boolean {
    if (typeof a !== 'object' || a === null) return this.isSame(a, b)
    const before = this.#roots.get(a)
    if (before?.[0] === b) return before[1]
    const answer = !this.#stillDiffers(a, b) && this.#walk(a, b, known)
    this.#roots.set(a, [b, answer])
    return answer
  }

  /** What differs mostly stays different: it is looked for where it was last. */
  #stillDiffers(a: Json, b: Json): boolean {
    if (this.#witness === null) return false
    const [one, other] = [valueAt(a, this.#witness), valueAt(b, this.#witness)]
    return one !== undefined && other !== undefined && !this.#isSame(one, other, null, deepest)
  }

  #walk(a: Json, b: Json, known: Known): boolean {
    this.#failed = []
    const answer = this.#isSame(a, b, known, deepest)
    if (!answer) this.#witness = this.#failed.reverse()
    return answer
  }

  isSame(a: Json | undefined, b: Json | undefined): boolean {
    if (a === undefined || b === undefined) return a === b
    this.#failed = []
    return this.#isSame(a, b, null, deepest)
  }

  #isSame(a: Json, b: Json, known: Known, depth: number): boolean {
    if (a === b || (known !== null && a === known[0] && b === known[1])) return true
    this.looked++
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return this.#isSameLeaf(a, b)
    if (this.#same.get(a) === b) return true
    if (depth === 0) return isSame(a, b)
    const answer =
      Array.isArray(a) && Array.isArray(b)
        ? this.#lists(a, b, known, depth)
        : this.#maps(a as JsonMap, b as JsonMap, known, depth)
    if (answer) this.#same.set(a, b)
    return answer
  }

  #isSameLeaf(a: Json, b: Json): boolean {
    if (typeof a === 'number' && typeof b === 'number') return this.a.isNow(a) && this.b.isNow(b)
    return typeof a === 'string' && typeof b === 'string' && this.a.plain(a) === this.b.plain(b)
  }

  #lists(a: readonly Json[], b: readonly Json[], known: Known, depth: number): boolean {
    const shorter = Math.min(a.length, b.length)
    for (let i = 0; i < shorter; i++)
      if (!this.#isSame(a[i] as Json, b[i] as Json, inside(known, i), depth - 1)) return this.#fail(i)
    return a.length === b.length || this.#fail(shorter)
  }

  /** An empty list is an empty map, as for PHP. */
  #maps(a: JsonMap, b: JsonMap, known: Known, depth: number): boolean {
    let more = 0
    for (const key in a) {
      if (!Object.hasOwn(b, key)) {
        if (this.a.isTimeValue(a[key] as Json)) continue
        return this.#fail(key)
      }
      if (key === nodeKey && this.#isSameBranch(Number(a[key]), Number(b[key]))) {
        more--
        continue
      }
      if (!this.#isSame(a[key] as Json, b[key] as Json, inside(known, key), depth - 1)) return this.#fail(key)
      more--
    }
    for (const _key in b) more++
    if (more === 0) return true
    for (const key in b) if (!Object.hasOwn(a, key) && !this.b.isTimeValue(b[key] as Json)) return this.#fail(key)
    return true
  }

  /** Only one of the runs has it, and it only tells when that run was. */
  isLonelyTime({ op, before, after }: Difference): boolean {
    return op === 'added' ? this.b.isTimeValue(after ?? null) : op === 'removed' && this.a.isTimeValue(before ?? null)
  }

  /** The first node of a branch, or nodes that only one of the workflows has. */
  #isSameBranch(a: number, b: number): boolean {
    const { toB, ofB, a: nodesA, b: nodesB } = this.nodes
    return toB.get(a) === b || (nodesA.has(a) && !toB.has(a)) || (nodesB.has(b) && !ofB.has(b))
  }

  #fail(key: string | number): false {
    this.#failed.push(key)
    return false
  }
}

/** The parts of two known values under a key. */
function inside(known: Known, key: string | number): Known {
  if (known === null) return null
  const [a, b] = known
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return null
  if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return null
  return [(a as JsonMap)[key] as Json, (b as JsonMap)[key] as Json]
}
