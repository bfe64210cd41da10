// The steps of two runs as one timeline: walk by walk, partners by the longest common subsequence of their nodes.
import type { RunStep } from '../../../contract/run-views.ts'
import { align } from './align.ts'
import type { Alignment } from './align.ts'
import type { NodeMatch } from './match-nodes.ts'
import type { Side, Walk } from './side.ts'

/** Positions of steps; null on the side that has none. */
export interface Row {
  readonly a: number | null
  readonly b: number | null
  /** The same for each step of the same node. */
  readonly node: number
}

type Pair = Pick<Row, 'a' | 'b'>

export interface AlignedRuns {
  readonly rows: readonly Row[]
  readonly work: number
}

/** Texts as numbers, which do not depend on which side is named first. */
function numbered(a: readonly string[], b: readonly string[]): readonly [readonly number[], readonly number[]] {
  const numbers = new Map([...new Set([...a, ...b])].sort().map((text, i) => [text, i]))
  const of = (texts: readonly string[]): readonly number[] => texts.map((text) => numbers.get(text) as number)
  return [of(a), of(b)]
}

/** Nodes of A under the numbers that they have in B. */
type NameOf = (step: RunStep, walk: Walk) => string

const namesOfA =
  ({ toB, a, b }: NodeMatch): NameOf =>
  ({ nodeId, moduleId }, { fired }) => {
    if (fired !== '' || nodeId === null || !a.has(nodeId) || b.size === 0) return `${fired} ${nodeId} ${moduleId}`
    const there = toB.get(nodeId)
    return there === undefined ? `a ${nodeId}` : ` ${there} ${moduleId}`
  }
const nameOfB: NameOf = ({ nodeId, moduleId }, { fired }) => `${fired} ${nodeId} ${moduleId}`

export function alignRuns(a: Side, b: Side, match: NodeMatch): AlignedRuns {
  const names = (side: Side, nameOf: NameOf): readonly string[] =>
    side.run.fold.steps.map((step, i) => nameOf(step, side.walkOf[i]!))
  const [keysA, keysB] = numbered(names(a, namesOfA(match)), names(b, nameOfB))
  const partnerOfA = new Map<number, number>()
  const partnerOfB = new Map<number, number>()
  let work = 0
  for (const [mine, theirs] of matchWalks(a, b, keysA, keysB)) {
    const aligned = alignWalks(mine, theirs, { a, b, keysA, keysB })
    work += aligned.work
    for (const [i, k] of aligned.pairs) {
      partnerOfA.set(mine.steps[i] as number, theirs.steps[k] as number)
      partnerOfB.set(theirs.steps[k] as number, mine.steps[i] as number)
    }
  }
  const order = mergeRows(a, b, partnerOfA, partnerOfB)
  const nodeOf = (row: Pair): number => (row.a === null ? keysB[row.b as number] : keysA[row.a]) as number
  return { rows: order.map((row) => ({ ...row, node: nodeOf(row) })), work }
}

interface Keyed {
  readonly a: Side
  readonly b: Side
  readonly keysA: readonly number[]
  readonly keysB: readonly number[]
}

/**
 * Partners by node. Where a node was executed several times and there is a choice, those that came to the same are partners, as long as that
 * does not cost any.
 */
function alignWalks(mine: Walk, theirs: Walk, { a, b, keysA, keysB }: Keyed): Alignment {
  const plainA = mine.steps.map((at) => keysA[at] as number)
  const plainB = theirs.steps.map((at) => keysB[at] as number)
  const plain = align(plainA, plainB)
  if (plain.pairs.length === plainA.length && plainA.length === plainB.length) return plain
  if (new Set(plainA).size === plainA.length && new Set(plainB).size === plainB.length) return plain
  const full = (side: Side, steps: readonly number[], keys: readonly number[]): readonly string[] =>
    steps.map((at, i) => `${keys[i]} ${contentOf(side, at)}`)
  const [fullA, fullB] = numbered(full(a, mine.steps, plainA), full(b, theirs.steps, plainB))
  const anchored = fillGaps(align(fullA, fullB), plainA, plainB)
  const work = plain.work + anchored.work
  return { pairs: anchored.pairs.length >= plain.pairs.length ? anchored.pairs : plain.pairs, work }
}

/** Between anchors what has the same node is aligned. */
function fillGaps(anchors: Alignment, a: readonly number[], b: readonly number[]): Alignment {
  const pairs: (readonly [number, number])[] = []
  let { work } = anchors
  let [i, k] = [0, 0]
  for (const [toA, toB] of [...anchors.pairs, [a.length, b.length] as const]) {
    if (toA > i && toB > k) {
      const inner = align(a.slice(i, toA), b.slice(k, toB))
      work += inner.work
      for (const [one, other] of inner.pairs) pairs.push([one + i, other + k])
    }
    if (toA < a.length) pairs.push([toA, toB])
    ;[i, k] = [toA + 1, toB + 1]
  }
  return { pairs, work }
}

const longestParams = 2000

/** What a step came to, without its data. */
function contentOf({ run, data }: Side, at: number): string {
  const { result, success, branch, errors, path, changed, effects, worldChanges } = run.fold.steps[at]!
  const params = JSON.stringify(data[at]?.params ?? null)
  const told = [result, success, branch, path.at(-1) ?? '', changed, effects, worldChanges, JSON.stringify(errors)]
  return `${told.join(' ')} ${params.length > longestParams ? params.length : params}`
}

/** The run itself belongs to the run itself; a job to the job with the same first node, a fired run to one of the same trigger, in their order. */
function matchWalks(
  a: Side,
  b: Side,
  keysA: readonly number[],
  keysB: readonly number[]
): readonly (readonly [Walk, Walk])[] {
  const found: (readonly [Walk, Walk])[] = []
  let [mine, theirs] = [a.walks, b.walks]
  const kinds: readonly ((walk: Walk, keys: readonly number[]) => string)[] = [
    (walk, keys) => `${walk.fired} ${walk.job === null} ${keys[walk.steps[0] as number]}`,
    (walk) => `${walk.fired} ${walk.job === null}`
  ]
  for (const kind of kinds) {
    const waiting = new Map<string, Walk[]>()
    for (const walk of [...theirs].reverse()) {
      const key = kind(walk, keysB)
      const known = waiting.get(key)
      if (known) known.push(walk)
      else waiting.set(key, [walk])
    }
    const taken = new Set<Walk>()
    mine = mine.filter((walk) => {
      const other = waiting.get(kind(walk, keysA))?.pop()
      if (!other) return true
      found.push([walk, other])
      taken.add(other)
      return false
    })
    theirs = theirs.filter((walk) => !taken.has(walk))
  }
  return found
}

/** In the order of A; what only B has stands behind what came before it in its walk, the first step of a walk behind the step before it. */
function mergeRows(
  a: Side,
  b: Side,
  partnerOfA: ReadonlyMap<number, number>,
  partnerOfB: ReadonlyMap<number, number>
): readonly Pair[] {
  /** Steps of B alone by the step of B behind which they stand; -1: at the beginning. */
  const behind = new Map<number, number[]>()
  for (let at = b.run.fold.steps.length - 1; at >= 0; at--) {
    if (partnerOfB.has(at)) continue
    const after = b.beforeInWalk(at) ?? at - 1
    const known = behind.get(after)
    if (known) known.push(at)
    else behind.set(after, [at])
  }
  const rows: Pair[] = []
  const emitBehind = (after: number): void => {
    const pending = [...(behind.get(after) ?? [])]
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      rows.push({ a: null, b: at })
      for (const next of behind.get(at) ?? []) pending.push(next)
    }
  }
  // Where the runs part, what A did comes first.
  let waiting = -1
  for (let at = 0; at < a.run.fold.steps.length; at++) {
    const partner = partnerOfA.get(at)
    if (partner !== undefined) emitBehind(waiting)
    rows.push({ a: at, b: partner ?? null })
    if (partner !== undefined) waiting = partner
  }
  emitBehind(waiting)
  return rows
}
