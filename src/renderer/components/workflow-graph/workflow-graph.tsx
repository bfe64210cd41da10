import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStoreApi
} from 'reactflow'
import type { KeyboardEvent } from 'react'
import type { Edge, Node, Viewport } from 'reactflow'
import 'reactflow/dist/style.css'
import './workflow-graph.css'
import type { RefObject } from 'react'
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { LabelledEdge } from './graph-edge.tsx'
import type { GraphDrawing, GraphNode } from './graph-model.ts'
import type { RunMarks } from './graph-marks.ts'
import { boundsOf, centred, firstView, inRows, isInSight, leastZoom, mapFrom } from './first-view.ts'
import type { Size } from './first-view.ts'
import { nodeHeight, nodeWidth, tighten } from './graph-model.ts'
import { noMarks } from './graph-marks.ts'
import { FrameNode, ModuleNode } from './module-node.tsx'
import { NodeSearch } from './node-search.tsx'
import { createStanding, StandingContext } from './standing.ts'
import { ZoomButtons } from './zoom-buttons.tsx'

const nodeTypes = { module: ModuleNode, frame: FrameNode }
const edgeTypes = { labelled: LabelledEdge }

interface WorkflowGraphProps {
  readonly drawing: GraphDrawing
  readonly marks: RunMarks | null
  readonly selected: number | null
  readonly onSelect: (nodeId: number) => void
  /** By Enter on a node, which selects it, too. */
  readonly onOpen?: ((nodeId: number) => void) | undefined
  /** Of a paused run: where it stands, and before which nodes it stops. */
  readonly next?: number | null
  readonly stops?: ReadonlySet<number> | undefined
}

/** The size of an element, and each new one. */
function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null)
  useLayoutEffect(() => {
    const measured = element.current
    if (!measured) return
    const take = () => {
      const { clientWidth: width, clientHeight: height } = measured
      setSize((before) => (before?.width === width && before.height === height ? before : { width, height }))
    }
    take()
    const watch = new ResizeObserver(take)
    watch.observe(measured)
    return () => watch.disconnect()
  }, [element])
  return size
}

/** Each frame around its nodes; one that goes over several rows around those of each row. */
function frameNodes(drawing: GraphDrawing): Node[] {
  return drawing.frames.flatMap((frame) => {
    const ids = new Set(frame.nodes)
    const rows = new Map<number, GraphNode[]>()
    for (const node of drawing.nodes) {
      if (!ids.has(node.id)) continue
      const known = rows.get(node.row ?? 0)
      if (known) known.push(node)
      else rows.set(node.row ?? 0, [node])
    }
    return [...rows].map(([row, inside]) => {
      const { x, y, width, height } = boundsOf(inside)
      const box = { width: width + 40, height: height + 54 }
      return {
        id: `frame-${frame.id}-${row}`,
        type: 'frame',
        position: { x: x - 20, y: y - 34 },
        data: { title: frame.title },
        ...box,
        style: box,
        selectable: false,
        draggable: false,
        zIndex: -1
      }
    })
  })
}

const nodeOf = (drawing: GraphDrawing, selected: number | null) =>
  drawing.nodes.find((one) => one.nodeId === selected) ?? drawing.nodes[0]

function GraphCanvas({ drawing: asSaved, marks, selected, onSelect, onOpen, next = null, stops }: WorkflowGraphProps) {
  const box = useRef<HTMLDivElement>(null)
  const pane = useSize(box)
  const drawing = useMemo(() => (pane ? inRows(tighten(asSaved), pane) : tighten(asSaved)), [asSaved, pane])
  const flow = useReactFlow()
  const latest = useRef(onSelect)
  latest.current = onSelect
  const select = useCallback((nodeId: number) => latest.current(nodeId), [])
  const [standing] = useState(() => createStanding({ selected, next, stops }))
  useLayoutEffect(() => standing.setState({ selected, next, stops }), [standing, selected, next, stops])
  const nodes = useMemo<Node[]>(
    () => [
      ...frameNodes(drawing),
      ...drawing.nodes.map((node) => ({
        id: node.id,
        type: 'module',
        position: { x: node.x, y: node.y },
        width: nodeWidth,
        height: nodeHeight,
        data: {
          node,
          marks: marks
            ? node.moduleType === 'trigger' && !marks.taken
              ? { ...noMarks, state: 'done' as const }
              : (marks.nodes.get(node.nodeId) ?? noMarks)
            : null
        },
        draggable: false,
        ariaLabel: `${node.name}, node ${node.number ?? node.nodeId}`
      }))
    ],
    [drawing, marks]
  )
  const edges = useMemo<Edge[]>(
    () =>
      drawing.edges.map((edge) => ({
        id: edge.id,
        type: 'labelled',
        source: edge.source,
        sourceHandle: edge.output,
        target: edge.target,
        targetHandle: 'input_1',
        focusable: false,
        data: {
          labels: edge.labels,
          ...(marks?.taken
            ? { taken: marks.taken.get(edge.id) ?? null }
            : marks
              ? { lane: marks.edges.get(edge.id) ?? null }
              : {})
        }
      })),
    [drawing, marks]
  )
  const begin = useBegin(drawing, pane, selected)
  useView(drawing, pane, selected)
  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset['id']
    const node = drawing.nodes.find((one) => one.id === id)
    if (!node || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onSelect(node.nodeId)
    if (event.key === 'Enter') onOpen?.(node.nodeId)
  }
  return (
    <div className="graph-box" onKeyDown={onKeyDown}>
      <GraphBar
        drawing={drawing}
        onFind={(node) => {
          if (pane) void flow.setViewport(centred(pane, node, Math.max(flow.getZoom(), leastZoom)))
          onSelect(node.nodeId)
        }}
      />
      <div ref={box} className="graph-canvas">
        {/* Before the size is known nothing would stand where it stands a moment later: a click would miss. */}
        {begin && (
          <StandingContext value={standing}>
            <Drawn
              nodes={nodes}
              edges={edges}
              onSelect={select}
              begin={begin}
              hasMap={drawing.nodes.length >= mapFrom}
            />
          </StandingContext>
        )}
      </div>
    </div>
  )
}

/** Above the graph and not over it: what it covered could be the node that is looked for. */
function GraphBar({ drawing, onFind }: { drawing: GraphDrawing; onFind: (node: GraphNode) => void }) {
  return (
    <div className="graph-bar">
      {drawing.nodes.length > 1 && <NodeSearch drawing={drawing} onFind={onFind} />}
      <span className="grow" />
      <ZoomButtons />
    </div>
  )
}

const nowhere: Viewport = { x: 0, y: 0, zoom: 1 }

/** What is in sight: the chosen node, whatever happens to its pane or to the drawing. */
function useView(drawing: GraphDrawing, pane: Size | null, selected: number | null): void {
  const flow = useReactFlow()
  const store = useStoreApi()
  // Fits again whenever its pane gets another size, as a person who drags the separator expects.
  const chosen = useRef(selected)
  chosen.current = selected
  useEffect(() => {
    const focus = nodeOf(drawing, chosen.current)
    if (pane && focus) void flow.setViewport(firstView(drawing.nodes, pane, focus))
  }, [flow, drawing, pane])
  useEffect(() => {
    const node = drawing.nodes.find((one) => one.nodeId === selected)
    // The size that React Flow knows: asking the page for it would lay it out in every frame of a slider.
    const shown = store.getState()
    const view = flow.getViewport()
    if (node && shown.width > 0 && !isInSight(view, shown, node, drawing.nodes.length >= mapFrom))
      void flow.setViewport(centred(shown, node, view.zoom))
  }, [flow, store, drawing, selected])
}

/** The first view of the first drawing that has its size; null before. */
function useBegin(drawing: GraphDrawing, pane: Size | null, selected: number | null): Viewport | null {
  const begin = useRef<Viewport | null>(null)
  const focus = nodeOf(drawing, selected)
  if (pane) begin.current ??= focus ? firstView(drawing.nodes, pane, focus) : nowhere
  return begin.current
}

interface DrawnProps {
  readonly nodes: Node[]
  readonly edges: Edge[]
  readonly onSelect: (nodeId: number) => void
  readonly begin: Viewport
  readonly hasMap: boolean
}

const Drawn = memo(function Drawn({ nodes, edges, onSelect, begin, hasMap }: DrawnProps) {
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      defaultViewport={begin}
      nodesDraggable={false}
      nodesConnectable={false}
      elementsSelectable
      onNodeClick={(_, node) =>
        node.type === 'module' && onSelect((node.data as { node: { nodeId: number } }).node.nodeId)
      }
      onlyRenderVisibleElements={nodes.length > 120}
      minZoom={0.05}
      maxZoom={2}
      proOptions={{ hideAttribution: false }}
    >
      <Background variant={BackgroundVariant.Dots} gap={18} size={1} color="var(--line)" />
      {hasMap && <MiniMap pannable zoomable nodeColor="var(--line-strong)" aria-label="Minimap" />}
    </ReactFlow>
  )
})

export function WorkflowGraph(props: WorkflowGraphProps) {
  return (
    <ReactFlowProvider>
      <GraphCanvas {...props} />
    </ReactFlowProvider>
  )
}
