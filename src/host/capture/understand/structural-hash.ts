// Fingerprints of JSON values, computed once per post, so that grouping never holds or compares bodies. Two values with the same
// content have the same hash whatever the order of their keys; `{}` and `[]` are the same (PHP prints an empty map as
// `[]`, and a job that decodes its data changes one into the other), and so are a list and a map with its indexes.

const mask21 = 0x1fffff

/** A 53-bit number made of two 32-bit lanes. */
const join = (a: number, b: number): number => (b & mask21) * 4294967296 + (a >>> 0)
const low = (hash: number): number => hash | 0
const high = (hash: number): number => (hash / 4294967296) | 0

export function mix(a: number, b: number): number {
  let x = Math.imul(low(a) ^ Math.imul(low(b) ^ 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35)
  let y = Math.imul(high(a) ^ low(b) ^ Math.imul(high(b) + 0x7f4a7c15, 0x27d4eb2f), 0x165667b1)
  x ^= x >>> 15
  y ^= (y >>> 13) ^ x
  x = Math.imul(x ^ y, 0x2c1b3c6d)
  return join(x ^ (x >>> 13), y ^ Math.imul(x, 0x297a2d39))
}

/** An order-free sum of hashes that stays a hash. */
export const add = (a: number, b: number): number => join((low(a) + low(b)) | 0, (high(a) + high(b)) | 0)

/** What `add` added, taken off again. */
export const sub = (a: number, b: number): number => join((low(a) - low(b)) | 0, (high(a) - high(b)) | 0)

export function hashText(text: string): number {
  let a = 0x811c9dc5 ^ text.length
  let b = 0x1b873593
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (a >>> 15)
  }
  a ^= a >>> 16
  return join(Math.imul(a, 0x7feb352d), b ^ (b >>> 13))
}

const nullHash = 0x11
const trueHash = 0x12
const falseHash = 0x13
const emptyHash = 0x14
const deepHash = 0x15

/** Deeper than MISP's data ever is; a hostile post must not end the process by its depth. */
const maxDepth = 400

const keyHashes = new Map<string, number>()
function hashKey(key: string): number {
  const known = keyHashes.get(key)
  if (known !== undefined) return known
  const hash = hashText(key)
  if (keyHashes.size < 5000 && key.length < 64) keyHashes.set(key, hash)
  return hash
}

/** Collects, beside the hash, one order-free digest per key name over all scalar values that stand under that name. */
export type Digests = Map<number, number>

function scalarHash(value: unknown): number {
  if (value === null || value === undefined) return nullHash
  if (value === true) return trueHash
  if (value === false) return falseHash
  return mix(typeof value === 'number' ? 0x21 : 0x22, hashText(String(value)))
}

function hashInner(value: unknown, key: number, digests: Digests | null, depth: number): number {
  if (typeof value !== 'object' || value === null) {
    const hash = scalarHash(value)
    if (digests !== null) digests.set(key, add(digests.get(key) ?? 0, mix(hash, 0x31)))
    return hash
  }
  if (depth > maxDepth) return deepHash
  if (Array.isArray(value)) {
    let hash = emptyHash
    for (let i = 0; i < value.length; i++) {
      hash = add(hash, mix(hashKey(String(i)), hashInner(value[i], key, digests, depth + 1)))
    }
    return hash
  }
  let hash = emptyHash
  for (const name of Object.keys(value)) {
    const inner = hashKey(name)
    hash = add(hash, mix(inner, hashInner((value as Record<string, unknown>)[name], inner, digests, depth + 1)))
  }
  return hash
}

/** The hash of a value; with `digests`, fills them. */
export const structuralHash = (value: unknown, digests: Digests | null = null): number =>
  hashInner(value, 0, digests, 0)

/** Hash of a value (`whole`), and of what is left of an object without the keys in `omit`. `digests` are those of the rest. */
export function hashWithout(
  value: unknown,
  omit: ReadonlySet<string>,
  digests: Digests | null = null
): { readonly rest: number; readonly whole: number } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const hash = structuralHash(value, digests)
    return { rest: hash, whole: hash }
  }
  let [rest, omitted] = [emptyHash, 0]
  for (const name of Object.keys(value)) {
    const isOmitted = omit.has(name)
    const key = hashKey(name)
    const inner = hashInner((value as Record<string, unknown>)[name], key, isOmitted ? null : digests, 1)
    if (isOmitted) omitted = add(omitted, mix(key, inner))
    else rest = add(rest, mix(key, inner))
  }
  return { rest, whole: add(rest, omitted) }
}

/** The hash of an object, of which that of one entry is known already: what is large is gone through once. */
export function hashKnowing(value: object, known: string, hash: number): number {
  let sum = emptyHash
  for (const [name, inner] of Object.entries(value)) {
    const key = hashKey(name)
    sum = add(sum, mix(key, name === known ? hash : hashInner(inner, key, null, 1)))
  }
  return sum
}

/** Digests as a sorted list of numbers: how many differ tells how far two values are apart. */
export const digestList = (digests: Digests): Float64Array =>
  Float64Array.from([...digests].map(([key, digest]) => mix(key, digest))).sort()

/** Number of digests that stand in only one of the two lists. */
export function digestDistance(a: Float64Array, b: Float64Array): number {
  let i = 0
  let j = 0
  let same = 0
  while (i < a.length && j < b.length) {
    const x = a[i]!
    const y = b[j]!
    if (x === y) {
      same++
      i++
      j++
    } else if (x < y) i++
    else j++
  }
  return Math.max(a.length, b.length) - same
}
