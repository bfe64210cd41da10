// The posts of MISP and those of an offline run, lane by lane: the first difference.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { DifferenceKind } from '../../../contract/verify.ts'
import { dig } from '../../php/values.ts'
import type { Lane, LaneBook, LanePost } from './posts.ts'
import type { Comparison } from './values.ts'

/** Where two lanes first differ. */
export interface Finding {
  readonly job: string
  /** Position in the offline run's lane. */
  readonly at: number
  readonly kind: DifferenceKind
  readonly path: string | null
  readonly expected: Json
  readonly actual: Json
  /** The captured post that it is told of; null: the lane has ended. */
  readonly seen: LanePost | null
  readonly offline: LanePost | null
  /** The posts of the node that took another branch. */
  readonly decided?: { readonly seen: LanePost; readonly offline: LanePost }
  /** A post of MISP seems to be lost. */
  readonly lost?: boolean
}

export interface Pairing {
  readonly seen: Lane
  readonly offline: Lane | null
}

/** Position in the graph of what a post is of. */
export const placeOf = ({ kind, nodeId, moduleId }: LanePost): string =>
  kind === 'exec' || kind === 'debug' ? `${kind} ${nodeId} ${moduleId}` : kind

/** Branches of MISP and of the offline run that belong together: by the node that they begin at, in the order in which they were queued. */
export function pairJobs(seen: LaneBook, offline: LaneBook): readonly Pairing[] {
  const own = [...offline.lanes.values()].filter(({ job }) => job !== '')
  const used = new Set<string>()
  const pairs: Pairing[] = []
  const lanes = [...seen.lanes.values()].filter(({ job, posts }) => job !== '' && posts.length > 0)
  for (const lane of lanes) {
    const begins = lane.posts[0]?.nodeId ?? null
    const free = own.filter(({ job }) => !used.has(job))
    const likely = free.filter(({ start, posts }) => start === begins || posts[0]?.nodeId === begins)
    const found = likely.find(({ posts }) => posts.length > 0) ?? likely[0] ?? null
    if (found !== null) used.add(found.job)
    pairs.push({ seen: lane, offline: found })
  }
  for (const lane of own)
    if (!used.has(lane.job) && lane.posts.length > 0)
      pairs.push({ seen: { job: lane.job, posts: [], start: lane.start }, offline: lane })
  return pairs
}

/** Whether a person expects a difference. Remembers which ones it was asked about in vain. */
export type Expects = (found: Pick<Finding, 'kind' | 'path'>, nodeId: number | null) => boolean

interface Compared {
  /** Posts that are equal. */
  readonly equal: number
  readonly finding: Finding | null
  /** The lanes part here as a person expects: what is behind is not compared. */
  readonly parted?: boolean
}

/** The first difference of two lanes that nobody expects. */
export function compareLanes({ seen, offline }: Pairing, comparison: Comparison, expects: Expects): Compared {
  const [theirs, ours] = [seen.posts, offline?.posts ?? []]
  const { job } = seen
  const length = Math.max(theirs.length, ours.length)
  for (let at = 0; at < length; at++) {
    const [a, b] = [theirs[at], ours[at]]
    if (a === undefined || b === undefined || placeOf(a) !== placeOf(b)) {
      const finding = { job, at, ...sequence(theirs, ours, at) }
      const of = finding.decided?.seen ?? finding.seen ?? finding.offline
      return expects(finding, of?.nodeId ?? null) ? { equal: at, finding: null, parted: true } : { equal: at, finding }
    }
    const found = unexpected(a, b, comparison, expects)
    if (found !== null) return { equal: at, finding: { job, at, seen: a, offline: b, ...found } }
  }
  return { equal: length, finding: null }
}

/** What differs in two posts of one place, without what a person expects there. */
function unexpected(a: LanePost, b: LanePost, comparison: Comparison, expects: Expects): Content | null {
  const passed = new Set<string>()
  for (;;) {
    const found = content(a, b, comparison, passed)
    if (found === null || !expects(found, a.nodeId)) return found
    const { kind, path } = found
    // Data goes on to the nodes behind, with what differs in it.
    if (path === null || path === '') passed.add(kind)
    else comparison.expect(kind === 'data' ? 'data' : `${kind} ${a.nodeId}`, path)
  }
}

type Content = Pick<Finding, 'kind' | 'path' | 'expected' | 'actual'>

const refusals = new Set(['disabled_module', 'loading_error'])

/** The first difference of two posts of one place, causes before what comes of them. `passed`: kinds that are not looked at. */
function content(a: LanePost, b: LanePost, comparison: Comparison, passed: ReadonlySet<string>): Content | null {
  const look = (kind: DifferenceKind, expected: Json, actual: Json, root: readonly string[] = []): Content | null => {
    if (passed.has(kind)) return null
    const within = kind === 'data' ? 'data' : `${kind} ${a.nodeId}`
    const found = comparison.first(expected, actual, { root, within })
    if (found === null) return null
    return { kind, path: found.path.join('.'), expected: found.expected ?? null, actual: found.actual ?? null }
  }
  const plain = (kind: DifferenceKind, expected: Json, actual: Json): Content | null =>
    passed.has(kind) ? null : { kind, path: null, expected, actual }
  const isOther = a.result !== b.result
  switch (a.kind) {
    case 'init': {
      const [theirs, ours] = [dig(a.data, 'normalized') ?? null, dig(b.data, 'normalized') ?? null]
      return look('data', theirs, ours) ?? (isOther ? plain('outcome', a.result, b.result) : null)
    }
    case 'end':
      return (isOther ? plain('outcome', a.result, b.result) : null) ?? endContent(a.data, b.data, look)
    case 'debug':
      return look('data', a.data, b.data)
    case 'exec':
      return (
        look('parameter', a.parameters, b.parameters) ??
        look('parameter', a.filters, b.filters, ['filters']) ??
        (isOther ? plain(isRefusal(a, b) ? 'module' : 'outcome', told(a), told(b)) : null) ??
        look('data', a.data, b.data) ??
        look('errors', a.errors, b.errors) ??
        (comparison.first(a.message, b.message) === null ? null : plain('errors', a.message, b.message))
      )
    default: {
      const never: never = a.kind
      throw new Error(`unknown kind ${String(never)}`)
    }
  }
}

const isRefusal = (a: LanePost, b: LanePost): boolean => refusals.has(a.result) || refusals.has(b.result)

const told = ({ result, errors, message }: LanePost): Json =>
  message !== '' ? `${result}: ${message}` : isNothing(errors) ? result : { result, errors }

const isNothing = (value: Json): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** Where a node stands on the canvas is no matter of its run. */
const drawn = new Set(['pos_x', 'pos_y', 'html', 'class', 'typenode'])

type Look = (kind: DifferenceKind, expected: Json, actual: Json) => Content | null

/** The end lists nodes as they are saved. */
function endContent(a: Json, b: Json, look: Look): Content | null {
  const found = look('data', undrawn(a), undrawn(b))
  const isParameter = /\.data\.(?:indexed_params|saved_filters)\b/.test(`.${found?.path ?? ''}`)
  return found !== null && isParameter ? { ...found, kind: 'parameter' } : found
}

function undrawn(data: Json): Json {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  return Object.fromEntries(
    Object.entries(data as JsonMap).map(([key, list]) => {
      if (!/^(executed|blocking)_nodes$/.test(key) || typeof list !== 'object' || list === null) return [key, list]
      const nodes = Object.entries(list as JsonMap).map(([at, node]) => [at, withoutDrawing(node as Json)])
      return [key, Object.fromEntries(nodes) as Json]
    })
  )
}

const withoutDrawing = (node: Json): Json =>
  typeof node !== 'object' || node === null || Array.isArray(node)
    ? node
    : Object.fromEntries(Object.entries(node as JsonMap).filter(([key]) => !drawn.has(key)))

type Sequence = Omit<Finding, 'job' | 'at'>

/** Two walks that go to different nodes. */
function sequence(theirs: readonly LanePost[], ours: readonly LanePost[], at: number): Sequence {
  const [a, b] = [theirs[at] ?? null, ours[at] ?? null]
  const [before, own] = [theirs[at - 1], ours[at - 1]]
  const base = { path: null, expected: named(a), actual: named(b), seen: a, offline: b }
  if (isReordered(theirs, ours, at)) return { kind: 'order', ...base }
  // MISP posts every node that it executes: what goes on as if nothing was missing has lost a post.
  const goesOn = a !== null && b !== null && ours[at + 1] !== undefined && placeOf(a) === placeOf(ours[at + 1]!)
  const lost = goesOn && isLost(b, theirs)
  const isDecided = own !== undefined && before !== undefined && isCondition(own)
  if (isDecided && !(lost && b?.moduleType !== 'logic') && a !== null)
    return { kind: 'branch', ...base, decided: { seen: before, offline: own }, lost }
  if (goesOn) return { kind: 'missing step', ...base, lost }
  if (a !== null && b !== null && theirs[at + 1] !== undefined && placeOf(theirs[at + 1]!) === placeOf(b))
    return { kind: 'extra step', ...base }
  if (a === null) return { kind: 'missing step', ...base, lost: theirs.every(({ kind }) => kind !== 'end') }
  return { kind: b === null || b.kind === 'end' ? 'extra step' : 'missing step', ...base }
}

const isCondition = ({ branch, moduleType }: LanePost): boolean =>
  moduleType === 'logic' && (branch === 'output_1' || branch === 'output_2')

const named = (post: LanePost | null): Json =>
  post === null
    ? null
    : post.kind === 'exec' || post.kind === 'debug'
      ? { nodeId: post.nodeId, moduleId: post.moduleId }
      : post.kind

/** The rest of both is the same posts in another order. */
function isReordered(theirs: readonly LanePost[], ours: readonly LanePost[], at: number): boolean {
  if (theirs.length !== ours.length) return false
  const counts = new Map<string, number>()
  for (let i = at; i < ours.length; i++) {
    const [a, b] = [placeOf(theirs[i]!), placeOf(ours[i]!)]
    counts.set(a, (counts.get(a) ?? 0) + 1)
    counts.set(b, (counts.get(b) ?? 0) - 1)
  }
  return [...counts.values()].every((count) => count === 0)
}

/** Whether MISP's end lists an action as executed; of logic nodes nothing tells it, and what is behind them was reached. */
function isLost({ nodeId, moduleType, moduleId, visit }: LanePost, theirs: readonly LanePost[]): boolean {
  const end = theirs.find(({ kind }) => kind === 'end')
  if (moduleType === 'logic' || end === undefined) return true
  const executed = dig(end.data, 'executed_nodes') ?? null
  if (typeof executed !== 'object' || executed === null) return false
  const times = Object.values(executed).filter(
    (node) => String(dig(node as Json, 'id')) === String(nodeId) && dig(node as Json, 'data', 'id') === moduleId
  )
  return times.length >= visit
}
