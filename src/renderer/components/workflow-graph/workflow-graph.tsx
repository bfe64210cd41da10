import { largest, smallest } from '../../../contract/lists.ts'
import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStoreApi
} from 'reactflow'
import type { KeyboardEvent } from 'react'
import type { Edge, Node } from 'reactflow'
import 'reactflow/dist/style.css'
import './workflow-graph.css'
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { LabelledEdge } from './graph-edge.tsx'
import type { GraphDrawing, RunMarks } from './graph-model.ts'
import { nodeHeight, nodeWidth, noMarks, tighten } from './graph-model.ts'
import { FrameNode, ModuleNode } from './module-node.tsx'
import { NodeSearch } from './node-search.tsx'
import { createStanding, StandingContext } from './standing.ts'

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

function frameNodes(drawing: GraphDrawing): Node[] {
  return drawing.frames.flatMap((frame) => {
    const inside = drawing.nodes.filter((node) => frame.nodes.includes(node.id))
    if (inside.length === 0) return []
    const left = smallest(inside.map((node) => node.x)) - 20
    const top = smallest(inside.map((node) => node.y)) - 34
    const right = largest(inside.map((node) => node.x)) + nodeWidth + 20
    const bottom = largest(inside.map((node) => node.y)) + nodeHeight + 20
    const box = { width: right - left, height: bottom - top }
    return [
      {
        id: `frame-${frame.id}`,
        type: 'frame',
        position: { x: left, y: top },
        data: { title: frame.title },
        ...box,
        style: box,
        selectable: false,
        draggable: false,
        zIndex: -1
      }
    ]
  })
}

/** Room for the search field above and what hangs out of nodes. */
const fitting = { padding: { x: '20px', top: '40px', bottom: '24px' }, maxZoom: 1 } as const

/** Below this the names cannot be read. */
const readable = 0.42

type Flow = ReturnType<typeof useReactFlow>

function centreOn(flow: Flow, drawing: GraphDrawing, selected: number | null, zoom = 0.8): void {
  const node = drawing.nodes.find((one) => one.nodeId === selected) ?? drawing.nodes[0]
  if (node) void flow.setCenter(node.x + nodeWidth / 2, node.y + nodeHeight / 2, { zoom: Math.max(zoom, readable) })
}

interface Box {
  readonly width: number
  readonly height: number
}

function isInSight(flow: Flow, box: Box, node: { readonly x: number; readonly y: number }): boolean {
  const { x, y, zoom } = flow.getViewport()
  const left = node.x * zoom + x
  const top = node.y * zoom + y
  return left >= 0 && top >= 0 && left + nodeWidth * zoom <= box.width && top + nodeHeight * zoom <= box.height
}

function GraphCanvas({ drawing: asSaved, marks, selected, onSelect, onOpen, next = null, stops }: WorkflowGraphProps) {
  const drawing = useMemo(() => tighten(asSaved), [asSaved])
  const flow = useReactFlow()
  const store = useStoreApi()
  const latest = useRef(onSelect)
  latest.current = onSelect
  const select = useCallback((nodeId: number) => latest.current(nodeId), [])
  const [standing] = useState(() => createStanding({ selected, next, stops }))
  useLayoutEffect(() => standing.setState({ selected, next, stops }), [standing, selected, next, stops])
  const box = useRef<HTMLDivElement>(null)
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
            ? node.moduleType === 'trigger'
              ? { ...noMarks, state: 'done' as const }
              : (marks.nodes.get(node.nodeId) ?? noMarks)
            : null
        },
        draggable: false,
        ariaLabel: `${node.name}, node ${node.nodeId}`
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
        data: { labels: edge.labels, ...(marks ? { lane: marks.edges.get(edge.id) ?? null } : {}) }
      })),
    [drawing, marks]
  )
  // Fits again whenever its pane gets another size, as a person who drags the separator expects. A graph that would become too small to
  // read is shown around the selected node instead.
  const chosen = useRef(selected)
  chosen.current = selected
  useEffect(() => {
    if (!box.current) return
    const fit = () =>
      void flow.fitView(fitting).then(() => {
        if (flow.getZoom() < readable) centreOn(flow, drawing, chosen.current)
      })
    const watch = new ResizeObserver(fit)
    watch.observe(box.current)
    return () => watch.disconnect()
  }, [flow, drawing])
  useEffect(() => {
    const node = drawing.nodes.find((one) => one.nodeId === selected)
    // The size that React Flow knows: asking the page for it would lay it out in every frame of a slider.
    const shown = store.getState()
    if (node && shown.width > 0 && !isInSight(flow, shown, node)) centreOn(flow, drawing, selected, flow.getZoom())
  }, [flow, store, drawing, selected])
  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset['id']
    const node = drawing.nodes.find((one) => one.id === id)
    if (!node || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onSelect(node.nodeId)
    if (event.key === 'Enter') onOpen?.(node.nodeId)
  }
  return (
    <div ref={box} style={{ width: '100%', height: '100%', position: 'relative' }} onKeyDown={onKeyDown}>
      {drawing.nodes.length > 1 && (
        <NodeSearch
          drawing={drawing}
          onFind={(node) => {
            centreOn(flow, drawing, node.nodeId, Math.max(flow.getZoom(), 0.8))
            onSelect(node.nodeId)
          }}
        />
      )}
      <StandingContext value={standing}>
        <Drawn nodes={nodes} edges={edges} onSelect={select} />
      </StandingContext>
    </div>
  )
}

interface DrawnProps {
  readonly nodes: Node[]
  readonly edges: Edge[]
  readonly onSelect: (nodeId: number) => void
}

const Drawn = memo(function Drawn({ nodes, edges, onSelect }: DrawnProps) {
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      elementsSelectable
      onNodeClick={(_, node) =>
        node.type === 'module' && onSelect((node.data as { node: { nodeId: number } }).node.nodeId)
      }
      onlyRenderVisibleElements={nodes.length > 120}
      fitView
      fitViewOptions={fitting}
      minZoom={0.05}
      maxZoom={2}
      proOptions={{ hideAttribution: false }}
    >
      <Background variant={BackgroundVariant.Dots} gap={18} size={1} color="var(--line)" />
      <Controls showInteractive={false} />
      {nodes.length > 8 && <MiniMap pannable zoomable nodeColor="var(--line-strong)" aria-label="Minimap" />}
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
