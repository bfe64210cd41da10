// The longest common subsequence of two sequences of keys, by Myers' greedy algorithm: quick where they are much alike. What is long and hardly
// alike is aligned by how often each key came before, which finds partners in n log n.

export interface Alignment {
  /** Positions of partners, ascending on both sides. */
  readonly pairs: readonly (readonly [a: number, b: number])[]
  /** Steps that it took: what tests hold its cost against. */
  readonly work: number
}

/** Differences up to which the exact way is gone; the memory for the way back grows with its square. */
const mostDifferences = 1024
/** Steps of work per key, and at least. */
const workPerKey = 64
const leastWork = 1_000_000

/** The same partners whichever side is named first. */
export function align(a: readonly number[], b: readonly number[]): Alignment {
  if (!isAfter(a, b)) return alignInOrder(a, b)
  const { pairs, work } = alignInOrder(b, a)
  return { pairs: pairs.map(([one, other]) => [other, one] as const), work }
}

function isAfter(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return a.length > b.length
  const at = a.findIndex((key, i) => key !== b[i])
  return at >= 0 && (a[at] as number) > (b[at] as number)
}

function alignInOrder(a: readonly number[], b: readonly number[]): Alignment {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const inner = alignInner(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const pairs: (readonly [number, number])[] = []
  for (let i = 0; i < head; i++) pairs.push([i, i])
  for (const [i, k] of inner.pairs) pairs.push([i + head, k + head])
  for (let i = tail; i > 0; i--) pairs.push([a.length - i, b.length - i])
  return { pairs, work: inner.work + head + tail }
}

function alignInner(a: readonly number[], b: readonly number[]): Alignment {
  if (a.length === 0 || b.length === 0) return { pairs: [], work: 0 }
  const limit = Math.max(leastWork, workPerKey * (a.length + b.length))
  const walked = walk(a, b, limit)
  if (walked.trace !== null) return { pairs: wayBack(a, b, walked.trace), work: walked.work }
  return { pairs: byOccurrence(a, b), work: walked.work + a.length + b.length }
}

/** Where the way on a diagonal with `d` differences begins: it comes from the diagonal above, by a key of B alone, or from the one below. */
const comesDown = (before: Int32Array, d: number, k: number): boolean =>
  k === -d || (k !== d && (before[k + d - 2] as number) < (before[k + d] as number))

/** `before` has the diagonals -(d-1) to d-1. */
const startOf = (before: Int32Array, d: number, k: number): number =>
  comesDown(before, d, k) ? (before[k + d] as number) : (before[k + d - 2] as number) + 1

interface Walk {
  /** How far each diagonal was reached with 0, 1, 2… differences; null when the work went over its limit. */
  readonly trace: readonly Int32Array[] | null
  readonly work: number
}

function walk(a: readonly number[], b: readonly number[], limit: number): Walk {
  const [n, m] = [a.length, b.length]
  const trace: Int32Array[] = []
  let work = 0
  for (let d = 0; d <= mostDifferences && work <= limit; d++) {
    const before = trace[d - 1]
    const reached = new Int32Array(2 * d + 1)
    trace.push(reached)
    for (let k = -d; k <= d; k += 2) {
      let x = before ? startOf(before, d, k) : 0
      for (; x < n && x - k < m && a[x] === b[x - k]; x++) work++
      work++
      reached[k + d] = x
      if (x >= n && x - k >= m) return { trace, work }
    }
  }
  return { trace: null, work }
}

function wayBack(a: readonly number[], b: readonly number[], trace: readonly Int32Array[]): Alignment['pairs'] {
  const pairs: (readonly [number, number])[] = []
  let [x, y] = [a.length, b.length]
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = trace[d - 1]
    const k = x - y
    const from = before ? startOf(before, d, k) : 0
    while (x > from && y > from - k) pairs.push([--x, --y])
    if (before && comesDown(before, d, k)) y--
    else if (before) x--
  }
  return pairs.reverse()
}

/** The n-th of a key is the partner of the n-th of the other side; of these the longest rising sequence stays. */
function byOccurrence(a: readonly number[], b: readonly number[]): readonly (readonly [number, number])[] {
  const places = new Map<number, number[]>()
  for (const [i, key] of b.entries()) {
    const known = places.get(key)
    if (known) known.push(i)
    else places.set(key, [i])
  }
  const next = new Map<number, number>()
  const candidates: (readonly [number, number])[] = []
  for (const [i, key] of a.entries()) {
    const nth = next.get(key) ?? 0
    const at = places.get(key)?.[nth]
    if (at === undefined) continue
    next.set(key, nth + 1)
    candidates.push([i, at])
  }
  return longestRising(candidates)
}

function longestRising(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  /** The pair that ends the best sequence of each length, and for each pair the one before it. */
  const ends: number[] = []
  const previous: number[] = []
  for (const [i, [, at]] of pairs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[ends[middle] as number]![1] < at) low = middle + 1
      else high = middle
    }
    previous.push(low > 0 ? (ends[low - 1] as number) : -1)
    ends[low] = i
  }
  const found: (readonly [number, number])[] = []
  for (let i = ends.at(-1) ?? -1; i >= 0; i = previous[i] as number) found.push(pairs[i]!)
  return found.reverse()
}
