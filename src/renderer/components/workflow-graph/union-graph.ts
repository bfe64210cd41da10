// Two workflows as one drawing: what both have once, where A has it; what only B has beside what it stands beside there. Pure.
import type { ComparedStep } from '../../../contract/comparison.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { arrange, nodeHeight, nodeWidth } from './graph-model.ts'
import { marksOf, noMarks } from './graph-marks.ts'
import type { GraphDrawing, GraphNode } from './graph-model.ts'
import type { NodeMarks, RunMarks } from './graph-marks.ts'

type GraphEdge = GraphDrawing['edges'][number]

export interface UnionGraph {
  /** Nodes that only B has are told apart by numbers below zero. */
  readonly drawing: GraphDrawing
  /** The drawing's number of a node by its number in A, and in B. */
  readonly ofA: ReadonlyMap<number, number>
  readonly ofB: ReadonlyMap<number, number>
  /** Ids of an edge in A and in B; null where that workflow does not have it. */
  readonly edges: ReadonlyMap<string, { readonly a: string | null; readonly b: string | null }>
}

/** @param renumbered numbers of A and of B of nodes that are the same */
export function unionOf(
  a: GraphDrawing | null,
  b: GraphDrawing | null,
  renumbered: readonly (readonly [number, number])[]
): UnionGraph | null {
  if (a === null && b === null) return null
  const [nodesA, nodesB] = [a?.nodes ?? [], b?.nodes ?? []]
  const toA = partners(nodesA, nodesB, renumbered)
  const alone = nodesB.filter(({ nodeId }) => !toA.has(nodeId))
  const numberOf = (nodeId: number): number => toA.get(nodeId) ?? -1 - nodeId
  const idOf = new Map(nodesA.map(({ id, nodeId }) => [nodeId, id]))
  const unionIds = new Map(
    nodesB.map(({ id, nodeId }) => [id, idOf.get(toA.get(nodeId) ?? Number.NaN) ?? `b ${id}`] as const)
  )
  const numbers = new Map([...toA].map(([mine, theirs]) => [theirs, mine] as const))
  const both = nodesA.map((node) => {
    const there = numbers.get(node.nodeId)
    return there === undefined || there === node.nodeId ? node : { ...node, number: `${node.nodeId} → ${there}` }
  })
  const added = placed(alone, both, { toA, nodesB }).map((node): GraphNode => ({
    ...node,
    ...{ id: unionIds.get(node.id) as string, nodeId: numberOf(node.nodeId), number: String(node.nodeId) }
  }))
  const { edges, sides } = unionEdges(a?.edges ?? [], b?.edges ?? [], unionIds)
  const nodes = [...both, ...added]
  const isMany = added.length > Math.max(3, both.length / 2)
  return {
    drawing: { nodes: isMany ? arrange(nodes, edges) : nodes, edges, frames: a?.frames ?? b?.frames ?? [] },
    ofA: new Map(nodesA.map(({ nodeId }) => [nodeId, nodeId])),
    ofB: new Map(nodesB.map(({ nodeId }) => [nodeId, numberOf(nodeId)])),
    edges: sides
  }
}

/** Numbers of A by those of B. */
function partners(
  a: readonly GraphNode[],
  b: readonly GraphNode[],
  renumbered: readonly (readonly [number, number])[]
): ReadonlyMap<number, number> {
  const found = new Map(renumbered.map(([one, other]) => [other, one]))
  const taken = new Set(found.values())
  const modules = new Map(a.map((node) => [node.nodeId, node.moduleId]))
  for (const { nodeId, moduleId } of b)
    if (!found.has(nodeId) && !taken.has(nodeId) && modules.get(nodeId) === moduleId) found.set(nodeId, nodeId)
  return found
}

/** A node of B alone stands where it stands there, moved as the nodes around it were, and never on another one. */
function placed(
  alone: readonly GraphNode[],
  there: readonly GraphNode[],
  { toA, nodesB }: { readonly toA: ReadonlyMap<number, number>; readonly nodesB: readonly GraphNode[] }
): readonly GraphNode[] {
  const byNumber = new Map(there.map((node) => [node.nodeId, node]))
  const moves = nodesB.flatMap((node) => {
    const mine = byNumber.get(toA.get(node.nodeId) ?? Number.NaN)
    return mine ? [{ x: mine.x - node.x, y: mine.y - node.y }] : []
  })
  const mean = (axis: 'x' | 'y'): number =>
    moves.length === 0 ? 0 : moves.reduce((sum, move) => sum + move[axis], 0) / moves.length
  const [dx, dy] = [mean('x'), mean('y')]
  const taken = [...there]
  return alone.map((node) => {
    const at = { ...node, x: node.x + dx, y: node.y + dy }
    const isFree = (): boolean =>
      taken.every(
        (other) => Math.abs(other.x - at.x) >= nodeWidth + room || Math.abs(other.y - at.y) >= nodeHeight + room
      )
    for (let tries = 0; tries < 200 && !isFree(); tries++) at.y += nodeHeight + room
    taken.push(at)
    return at
  })
}

const room = 34

function unionEdges(a: readonly GraphEdge[], b: readonly GraphEdge[], idsOfB: ReadonlyMap<string, string>) {
  const known = new Map<string, GraphEdge>()
  const sides = new Map<string, { a: string | null; b: string | null }>()
  const keyOf = ({ source, output, target }: Pick<GraphEdge, 'source' | 'output' | 'target'>): string =>
    `${source} ${output} ${target}`
  for (const edge of a) {
    known.set(keyOf(edge), edge)
    sides.set(edge.id, { a: edge.id, b: null })
  }
  const added: GraphEdge[] = []
  for (const edge of b) {
    const own = { ...edge, source: idsOfB.get(edge.source) ?? '', target: idsOfB.get(edge.target) ?? '' }
    const there = known.get(keyOf(own))
    if (there) sides.set(there.id, { a: there.id, b: edge.id })
    else {
      const id = `b ${edge.id}`
      added.push({ ...own, id })
      sides.set(id, { a: null, b: edge.id })
    }
  }
  return { edges: [...a, ...added], sides }
}

/** What the two runs did in the drawing. */
export function comparedMarks(
  union: UnionGraph,
  [a, b]: readonly [RunDetail, RunDetail],
  [drawingA, drawingB]: readonly [GraphDrawing | null, GraphDrawing | null],
  { rows, isStartSame }: { readonly rows: readonly ComparedStep[]; readonly isStartSame: boolean }
): RunMarks {
  const marks = [
    drawingA && marksOf(a.steps, drawingA, a.unreached),
    drawingB && marksOf(b.steps, drawingB, b.unreached)
  ] as const
  const states = statesOf(union, [a, b], rows)
  const nodes = new Map<number, NodeMarks>()
  for (const { nodeId, moduleType } of union.drawing.nodes) {
    const isTrigger = moduleType === 'trigger'
    const started: Compared = { is: isStartSame ? 'same' : 'different', a: [], b: [] }
    const state = isTrigger && nodeId >= 0 ? started : (states.get(nodeId) ?? noState)
    nodes.set(nodeId, { ...noMarks, state: state.is === 'none' ? 'idle' : 'done', compared: state })
  }
  const taken = new Map<string, 'both' | 'a' | 'b'>()
  for (const [id, edge] of union.edges) {
    const byA = edge.a !== null && (marks[0]?.edges.has(edge.a) ?? false)
    const byB = edge.b !== null && (marks[1]?.edges.has(edge.b) ?? false)
    if (byA || byB) taken.set(id, byA && byB ? 'both' : byA ? 'a' : 'b')
  }
  return { nodes, edges: new Map(), taken }
}

type Compared = NonNullable<NodeMarks['compared']>
const noState: Compared = { is: 'none', a: [], b: [] }
const weight: { readonly [S in Compared['is']]: number } = {
  none: 0,
  same: 1,
  'only a': 2,
  'only b': 2,
  before: 3,
  different: 4
}

function statesOf(
  { ofA, ofB }: UnionGraph,
  [a, b]: readonly [RunDetail, RunDetail],
  rows: readonly ComparedStep[]
): ReadonlyMap<number, Compared> {
  const found = new Map<number, { is: Compared['is']; a: number[]; b: number[] }>()
  const numberOf = (detail: RunDetail, of: ReadonlyMap<number, number>, step: number | null): number | undefined =>
    step === null ? undefined : of.get(detail.steps[step - 1]?.nodeId ?? Number.NaN)
  for (const row of rows) {
    const node = numberOf(a, ofA, row.a) ?? numberOf(b, ofB, row.b)
    if (node === undefined) continue
    const state = found.get(node) ?? { is: 'none', a: [], b: [] }
    found.set(node, state)
    if (row.a !== null) state.a.push(row.a)
    if (row.b !== null) state.b.push(row.b)
    const is = row.state === 'different' && row.cause === 'before' ? 'before' : row.state
    const isMixed =
      state.is !== is && weight[state.is] > 0 && (row.a === null || row.b === null || weight[state.is] === 2)
    // Once here and there, and once only on one side: that differs.
    if (isMixed) state.is = 'different'
    else if (weight[is] > weight[state.is]) state.is = is
  }
  return found
}
