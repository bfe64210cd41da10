// From the document to React Flow's nodes and edges.
import { largest, smallest } from '../../../contract/lists.ts'
import type { Edge, Node } from 'reactflow'
import { MarkerType } from 'reactflow'
import { plainText, type Json } from '../../../contract/json.ts'
import type { TriggerData } from '../../../contract/modules.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { linksOf } from '../../../engine/graph/edit-links.ts'
import type { Link } from '../../../engine/graph/edit.ts'
import { triggerData } from '../../../engine/modules/describe/trigger-data.ts'
import { nodeAt, phpKey } from '../../../engine/graph/nodes.ts'
import { drawingOf, labelsByEdge } from '../../components/workflow-graph/graph-model.ts'
import { noMarks } from '../../components/workflow-graph/graph-marks.ts'
import type { NodeMarks, RunMarks } from '../../components/workflow-graph/graph-marks.ts'
import { addedNow, modulesNow } from '../../stores/added-modules.ts'
import type { Comparison } from '../../stores/editor-state.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { framesOf, keysOf, nodeInfo, triggerOf } from '../../stores/editor-model.ts'
import type { NodeInfo } from '../../stores/editor-model.ts'
import type { EditorEdgeData } from './editor-edge.tsx'
import type { EditorNodeData } from './editor-node.tsx'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { plural } from '../../../contract/words.ts'

const linkId = ({ from, output, to }: Link): string => `${from}:${output}:${to}`
export const parseLinkId = (id: string): Link | null => {
  const [from, output, to] = id.split(':')
  return from && output && to ? { from, output, to } : null
}

export interface Sources {
  readonly document: Json
  readonly problems: readonly WorkflowProblem[]
  readonly comparison: Comparison | null
  readonly selection: ReadonlySet<string>
  readonly disabled: ReadonlySet<string>
  readonly unfolded: ReadonlySet<string>
  /** Of the run that is laid over the canvas. */
  readonly marks: RunMarks | null
}

const sentences = new WeakMap<object, string>()

const triggers = new WeakMap<object, { readonly data: TriggerData | undefined }>()

/** What the workflow starts with; looked for once per state of the graph. */
function dataOfTrigger(graph: RawGraph): TriggerData | undefined {
  const known = triggers.get(graph) ?? { data: triggerData(modulesNow(), triggerOf(graph) ?? '') }
  triggers.set(graph, known)
  return known.data
}

/** What a node does; asked once per state of the node. */
function sentenceOf(graph: RawGraph, key: string): string {
  const info = nodeInfo(graph, key)
  if (!info) return ''
  const known = sentences.get(info.node)
  if (known !== undefined) return known
  const explain = modulesNow().explain(info.moduleType, info.moduleId, addedNow())
  let text = info.definition?.description ?? ''
  try {
    const data = dataOfTrigger(graph)
    text = explain?.({ params: info.params, filters: info.filters, ...(data ? { data } : {}) }).text || text
  } catch {
    // Parameters that nobody expected; the description says enough.
  }
  // An empty one may be of a module that the host has not told yet.
  if (text !== '') sentences.set(info.node, text)
  return text
}

function filterText(filters: { readonly [name: string]: unknown }): string | null {
  const { selector, operator, value, path } = filters
  if (!selector && !path && !value) return null
  return [path || selector, operator, value].filter((part) => typeof part === 'string' && part !== '').join(' ')
}

/** What cannot be loaded shows its parameters as they were saved. */
const hasFields = ({ definition }: NodeInfo): boolean =>
  definition === null || definition.params.length > 0 || definition.support_filters

const byNode = (problems: readonly WorkflowProblem[], severity: WorkflowProblem['severity']): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const one of problems)
    if (one.severity === severity)
      for (const id of one.nodeIds) found.set(String(id), [...(found.get(String(id)) ?? []), one.message])
  return found
}

function diffMarks(comparison: Comparison | null): Map<string, EditorNodeData['diff']> {
  const marks = new Map<string, EditorNodeData['diff']>()
  for (const { kind, key, link } of comparison?.changes ?? []) {
    if (key === null || link) continue
    if (kind === 'added' || kind === 'removed') marks.set(key, kind)
    else if (kind === 'changed' && !marks.has(key)) marks.set(key, 'changed')
  }
  return marks
}

/** The trigger has no step of its own: it started the run. */
const marksFor = ({ nodes }: RunMarks, { moduleType, nodeId }: NodeInfo): NodeMarks =>
  moduleType === 'trigger' ? { ...noMarks, state: 'done' } : (nodes.get(nodeId) ?? noMarks)

/** Edges of a run are told with their place among those of their output. */
function lanesByLink(run: RunMarks | null): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>()
  for (const [edge, lane] of run?.edges ?? []) {
    const [from, output, , to] = edge.split(':')
    lanes.set(`${from}:${output}:${to}`, lane)
  }
  return lanes
}

/** Nodes in the document's order, plus the removed ones of a comparison. Positions that are missing are laid out. */
export function flowNodes({
  document,
  problems,
  comparison,
  selection,
  disabled,
  unfolded,
  marks: run
}: Sources): Node[] {
  const graph = workflowGraph(document)
  const marks = diffMarks(comparison)
  const [errors, warnings] = [byNode(problems, 'error'), byNode(problems, 'warning')]
  type Drawn = ReadonlyMap<string, ReturnType<typeof drawingOf>['nodes'][number]>
  const drawnBy = (of: RawGraph): Drawn => new Map(drawingOf(of as Json).nodes.map((node) => [node.id, node]))
  const make = (from: RawGraph, drawing: Drawn, key: string): Node | null => {
    const info = nodeInfo(from, key)
    const drawn = drawing.get(key)
    if (!info || !drawn) return null
    const data: EditorNodeData = {
      title: info.title,
      moduleId: info.moduleId,
      moduleType: info.moduleType,
      nodeId: info.nodeId,
      icon: drawn.icon,
      blocking: drawn.blocking,
      known: info.definition !== null,
      disabled: disabled.has(String(info.nodeId)),
      inputs: drawn.inputs,
      outputs: drawn.outputs,
      sentence: sentenceOf(from, key),
      filter: filterText(info.filters),
      errors: errors.get(String(info.nodeId)) ?? [],
      warnings: warnings.get(String(info.nodeId)) ?? [],
      diff: marks.get(key) ?? null,
      marks: comparison || !run ? null : marksFor(run, info),
      unfolded: comparison || !hasFields(info) ? null : unfolded.has(key)
    }
    const notes = data.errors.length + data.warnings.length
    return {
      id: key,
      type: 'module',
      position: { x: drawn.x, y: drawn.y },
      data,
      selected: selection.has(key),
      ariaLabel: `${info.title}, node ${info.nodeId}${notes > 0 ? `, ${plural(notes, 'problem')}` : ''}`
    }
  }
  const drawing = drawnBy(graph)
  const own = keysOf(graph).flatMap((key) => make(graph, drawing, key) ?? [])
  if (!comparison) return own
  const old = workflowGraph(comparison.document)
  const oldDrawing = drawnBy(old)
  const gone = [...marks].flatMap(([key, mark]) => (mark === 'removed' ? (make(old, oldDrawing, key) ?? []) : []))
  return [
    ...own,
    ...gone.map((node) => ({ ...node, draggable: false, connectable: false, deletable: false, zIndex: -1 }))
  ]
}

const pairOf = (edge: Json): string => {
  const [from, to] = Array.isArray(edge) ? (edge as readonly Json[]) : []
  return `${plainText(from as string)}>${plainText(to as string)}`
}

export function flowEdges(
  { document, problems, comparison, marks: run }: Sources,
  chosen: Link | null,
  actions: { readonly insert: (link: Link) => void; readonly remove: (link: Link) => void }
): Edge[] {
  const graph = workflowGraph(document)
  const labels = labelsByEdge(graph)
  const marked = new Map<string, 'error' | 'warning'>()
  for (const { severity, edges } of problems)
    for (const edge of edges) if (marked.get(pairOf(edge)) !== 'error') marked.set(pairOf(edge), severity)
  const diff = new Map<string, 'connected' | 'disconnected'>()
  for (const { kind, link } of comparison?.changes ?? [])
    if (link && (kind === 'connected' || kind === 'disconnected')) diff.set(linkId(link), kind)
  const chosenId = chosen ? linkId(chosen) : null
  const taken = lanesByLink(run)
  const title = (key: string): string => nodeInfo(graph, key)?.title ?? key
  const edge = (link: Link, old: boolean): Edge => {
    const id = linkId(link)
    const data: EditorEdgeData = {
      labels: [...new Set(labels.get(`${link.from}>${link.to}`) ?? [])],
      problem: marked.get(`${link.from}>${link.to}`) ?? null,
      diff: diff.get(id) ?? null,
      lane: comparison || !run ? undefined : (taken.get(id) ?? null),
      name: `Connection from ${title(link.from)} to ${title(link.to)}`,
      onInsert: old || comparison ? null : () => actions.insert(link),
      onRemove: old || comparison ? null : () => actions.remove(link)
    }
    return {
      id,
      type: 'editor',
      source: link.from,
      sourceHandle: link.output,
      target: link.to,
      targetHandle: 'input_1',
      selected: id === chosenId,
      reconnectable: !old && !comparison,
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
      ariaLabel: data.name,
      focusable: false,
      data
    }
  }
  const there = (link: Link): boolean => nodeAt(graph, phpKey(link.to)) !== undefined
  const seen = new Set<string>()
  const own = linksOf(graph).flatMap((link) => {
    const id = linkId(link)
    if (!there(link) || seen.has(id)) return []
    seen.add(id)
    return [edge(link, false)]
  })
  const gone = (comparison?.changes ?? []).flatMap(({ kind, link }) =>
    kind === 'disconnected' && link && !seen.has(linkId(link)) ? [edge(link, true)] : []
  )
  return [...own, ...gone]
}

export const frameOf = (nodeId: string): string | null => (nodeId.startsWith('frame:') ? nodeId.slice(6) : null)

/** Frames behind their nodes, as large as these need. */
export function frameNodes(document: Json, nodes: readonly Node[], chosen: string | null): Node[] {
  return framesOf(workflowGraph(document)).flatMap((frame) => {
    const inside = nodes.filter((node) => frame.nodes.includes(node.id))
    if (inside.length === 0) return []
    const width = (node: Node): number => node.measured?.width ?? nodeWidth
    const height = (node: Node): number => node.measured?.height ?? nodeHeight
    const left = smallest(inside.map((node) => node.position.x)) - 20
    const top = smallest(inside.map((node) => node.position.y)) - 36
    const right = largest(inside.map((node) => node.position.x + width(node))) + 28
    const bottom = largest(inside.map((node) => node.position.y + height(node))) + 20
    const box = { width: right - left, height: bottom - top }
    return [
      {
        id: `frame:${frame.id}`,
        type: 'frame',
        position: { x: left, y: top },
        data: { title: frame.title, chosen: chosen === frame.id },
        ...box,
        style: box,
        selectable: false,
        focusable: false,
        connectable: false,
        zIndex: -1,
        ariaLabel: `Frame ${frame.title}`
      }
    ]
  })
}
