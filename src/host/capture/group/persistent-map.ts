// Maps that are never changed: a change makes another map that shares all but a few parts with the one before. Hypotheses keep thousands of
// versions of what a run has passed; each costs a few small arrays, however much there is.

interface Leaf<V> {
  readonly hash: number
  readonly key: string
  readonly value: V
  /** Another key with the same hash. */
  readonly next: Leaf<V> | null
}

interface Branch<V> {
  /** Which of the 32 places are taken; `parts` has only those. */
  readonly taken: number
  readonly parts: readonly Part<V>[]
}

type Part<V> = Leaf<V> | Branch<V>

/** `null`: empty. */
export type PersistentMap<V> = Part<V> | null

// Whoever chooses the keys must not know which of them collide.
const seed = Math.floor(Math.random() * 0x7fffffff)

function hashOf(key: string): number {
  let hash = seed ^ key.length
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) ^ (hash >>> 15)
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  return hash ^ (hash >>> 15)
}

const isLeaf = <V>(part: Part<V>): part is Leaf<V> => 'key' in part
const bitAt = (hash: number, depth: number): number => 1 << ((hash >>> depth) & 31)

function ones(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555)
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333)
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

export function valueOf<V>(map: PersistentMap<V>, key: string): V | undefined {
  const hash = hashOf(key)
  let part: Part<V> | null | undefined = map
  for (let depth = 0; part !== null && part !== undefined; depth += 5) {
    if (isLeaf(part)) {
      for (let leaf: Leaf<V> | null = part; leaf !== null; leaf = leaf.next) if (leaf.key === key) return leaf.value
      return undefined
    }
    const bit = bitAt(hash, depth)
    if ((part.taken & bit) === 0) return undefined
    part = part.parts[ones(part.taken & (bit - 1))]
  }
  return undefined
}

/** The map with one more entry, or another value for it. */
export const withEntry = <V>(map: PersistentMap<V>, key: string, value: V): Part<V> =>
  put(map, { hash: hashOf(key), key, value, next: null }, 0)

function put<V>(part: PersistentMap<V>, leaf: Leaf<V>, depth: number): Part<V> {
  if (part === null) return leaf
  if (isLeaf(part)) return part.hash === leaf.hash ? beside(part, leaf) : put(alone(part, depth), leaf, depth)
  const bit = bitAt(leaf.hash, depth)
  const at = ones(part.taken & (bit - 1))
  const parts = part.parts.slice()
  if ((part.taken & bit) === 0) parts.splice(at, 0, leaf)
  else parts[at] = put(parts[at]!, leaf, depth + 5)
  return { taken: part.taken | bit, parts }
}

const alone = <V>(leaf: Leaf<V>, depth: number): Branch<V> => ({ taken: bitAt(leaf.hash, depth), parts: [leaf] })

function beside<V>(chain: Leaf<V>, leaf: Leaf<V>): Leaf<V> {
  let rest: Leaf<V> | null = null
  for (let at: Leaf<V> | null = chain; at !== null; at = at.next) if (at.key !== leaf.key) rest = { ...at, next: rest }
  return { ...leaf, next: rest }
}
