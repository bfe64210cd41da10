import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore as useFlowStore
} from 'reactflow'
import type { Connection, Edge, Node, NodeChange } from 'reactflow'
import 'reactflow/dist/style.css'
import '../../components/workflow-graph/workflow-graph.css'
import './editor.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { DragEvent, KeyboardEvent, MouseEvent } from 'react'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { refusalOf } from '../../../engine/graph/edit-links.ts'
import type { Link } from '../../../engine/graph/edit.ts'
import { disconnect, moveNodes } from '../../../engine/graph/edit.ts'
import { openMenu } from '../../components/menu.tsx'
import { positionOf } from '../../stores/editor-model.ts'
import { library } from '../../stores/library.ts'
import {
  addConnection,
  addItem,
  duplicate,
  moveConnection,
  neighbour,
  nudge,
  removeSelected,
  selectionText
} from './actions.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { EditorEdge } from './editor-edge.tsx'
import { EditorFrame, EditorNode } from './editor-node.tsx'
import { flowEdges, flowNodes, frameNodes, frameOf, parseLinkId } from './flow-model.ts'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { useFirstLook } from './use-first-look.ts'
import { useFrameDrag } from './use-frame-drag.ts'
import { useOverlay } from './use-overlay.ts'
import { useSpread } from './use-spread.ts'
import { ZoomStyle } from './zoom-style.tsx'
import { takeDragged } from './palette.tsx'

const nodeTypes = { module: EditorNode, frame: EditorFrame }
const edgeTypes = { editor: EditorEdge }
const step = 10
const none: readonly never[] = []

const linkOf = ({ source, sourceHandle, target }: Connection | Edge): Link => ({
  from: source,
  output: sourceHandle ?? 'output_1',
  to: target
})

const edgeAt = ({ clientX, clientY }: { clientX: number; clientY: number }): Link | null => {
  const id = document.elementFromPoint(clientX, clientY)?.closest('.react-flow__edge')?.getAttribute('data-id')
  return id ? parseLinkId(id) : null
}

/** The graph to work on. Positions of a drag live here until it ends; everything else is the document's. */
export function EditorCanvas({
  disabled,
  paths
}: {
  disabled: ReadonlySet<string>
  /** Problems that only the chosen data shows. */
  paths: readonly WorkflowProblem[]
}) {
  const editor = useEditor()
  const flow = useReactFlow()
  const box = useRef<HTMLDivElement>(null)
  const [document_, checked, comparison] = [
    useEditorState((state) => state.comparison?.with?.document ?? state.document),
    useEditorState((state) => state.problems),
    useEditorState((state) => state.comparison)
  ]
  const problems = useMemo(() => (comparison?.with ? none : [...checked, ...paths]), [checked, paths, comparison])
  const selection = useEditorState((state) => state.selection)
  const link = useEditorState((state) => state.link)
  const frame = useEditorState((state) => state.frame)
  const unfolded = useEditorState((state) => state.unfolded)
  const modules = useStore(library, (state) => state.modules)
  const marks = useOverlay()?.marks ?? null
  const sources = { document: document_, problems, comparison, selection, disabled, unfolded, marks }
  const [nodes, setNodes] = useState<Node[]>(() => flowNodes(sources))
  const reconnected = useRef(false)
  // Below this the smaller texts could not be read: names take their place. Fields stay a little longer, for who works in them.
  const far = useFlowStore(({ transform }) => transform[2] < (unfolded.size > 0 ? 0.6 : 0.92))

  useEffect(() => {
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]))
      // Sizes that were measured stay, or every change would measure all nodes again.
      return flowNodes(sources).map((node) => {
        const measured = known.get(node.id)?.measured
        return measured ? { ...node, measured } : node
      })
    })
  }, [document_, problems, comparison, selection, disabled, unfolded, modules, marks])

  // What was added is brought into view; what is in view already does not make the canvas jump.
  const added = useEditorState((state) => state.added)
  useEffect(() => {
    const pane = box.current?.getBoundingClientRect()
    if (added.length === 0 || !pane) return
    const timer = setTimeout(() => {
      const graph = editor.graph()
      const outside = added.some((key) => {
        const { x, y } = positionOf(graph, key)
        const from = flow.flowToScreenPosition({ x, y })
        const to = flow.flowToScreenPosition({ x: x + nodeWidth, y: y + nodeHeight })
        return from.x < pane.left || from.y < pane.top || to.x > pane.right || to.y > pane.bottom
      })
      if (outside) void flow.fitView({ padding: 0.12, maxZoom: Math.max(flow.getZoom(), 0.5), duration: 200 })
    }, 60)
    return () => clearTimeout(timer)
  }, [added])

  const edges = useMemo(
    () =>
      flowEdges(sources, link, {
        insert: (one) => editor.setState({ dialog: { kind: 'insert', link: one } }),
        remove: (one) => void editor.edit('Remove connection', (graph) => disconnect(graph, one))
      }),
    [document_, problems, comparison, link, marks]
  )
  const { shown, placed, changes: placedChanges } = useSpread(nodes, unfolded)
  const frames = useMemo(() => frameNodes(document_, shown, frame), [document_, shown, frame])

  const look = useFirstLook(nodes, box)

  const frameDrag = useFrameDrag(nodes, setNodes)

  const onNodesChange = (all: NodeChange[]) => {
    const changes = placedChanges(frameDrag.changes(all))
    const selects = changes.filter((change) => change.type === 'select')
    const rest = changes.filter((change) => change.type !== 'select' && change.type !== 'remove')
    if (rest.length > 0) setNodes((before) => applyNodeChanges(rest, before))
    if (selects.length === 0) return
    const next = new Set(editor.getState().selection)
    for (const change of selects)
      if (change.selected) next.add(change.id)
      else next.delete(change.id)
    editor.select(next)
  }

  /** Where a drag ended. Nodes that had no place of their own get the one they were drawn at. */
  const commitMoves = (moved: readonly Node[]) => {
    const graph = editor.graph()
    const to = new Map(
      moved
        .filter((node) => node.type === 'module')
        .map((node) => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }])
    )
    const stayed = [...to].every(([key, { x, y }]) => positionOf(graph, key).x === x && positionOf(graph, key).y === y)
    if (!stayed) editor.edit(to.size === 1 ? 'Move node' : `Move ${to.size} nodes`, (before) => moveNodes(before, to))
  }

  const menuAt = (event: MouseEvent | globalThis.MouseEvent, key: string | null) => {
    event.preventDefault()
    if (key !== null && !editor.getState().selection.has(key)) editor.select([key])
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    const some = editor.getState().selection.size > 0
    openMenu(event, [
      { label: 'Add a node…', run: () => editor.setState({ dialog: { kind: 'add', at } }) },
      ...(key === null
        ? []
        : [{ label: 'Connect…', run: () => editor.setState({ dialog: { kind: 'connect' as const, from: key } }) }]),
      { label: 'Duplicate', disabled: !some, run: () => duplicate(editor) },
      {
        label: 'Copy as JSON',
        disabled: !some,
        run: () => void navigator.clipboard.writeText(selectionText(editor) ?? '')
      },
      { label: 'Frame…', disabled: !some, run: () => editor.setState({ dialog: { kind: 'frame' } }) },
      { label: 'Save as blueprint…', disabled: !some, run: () => editor.setState({ dialog: { kind: 'blueprint' } }) },
      { label: 'Remove', danger: true, disabled: !some, run: () => removeSelected(editor) }
    ])
  }

  const onDrop = (event: DragEvent) => {
    const item = takeDragged(event)
    if (!item) return
    event.preventDefault()
    const over = edgeAt(event)
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    addItem(editor, item, {
      at: { x: point.x - nodeWidth / 2, y: point.y - nodeHeight / 2 },
      ...(over && item.kind === 'module' ? { link: over } : {})
    })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).closest('[role="dialog"]')) return
    if ((event.target as HTMLElement).closest('input, textarea, select')) {
      // Out of a field in a node, back to where single keys are shortcuts.
      if (event.key === 'Escape' && !event.defaultPrevented) {
        event.preventDefault()
        box.current?.focus()
      }
      return
    }
    const way = ({ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const)[
      event.key as 'ArrowLeft'
    ] as 'left' | 'right' | 'up' | 'down' | undefined
    if (!way || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const first = [...editor.getState().selection][0]
    if (event.altKey) {
      const next = first === undefined ? nodes[0]?.id : neighbour(editor.graph(), first, way)
      if (next) editor.select([next])
      return
    }
    const by = event.shiftKey ? step * 5 : step
    nudge(editor, {
      x: way === 'left' ? -by : way === 'right' ? by : 0,
      y: way === 'up' ? -by : way === 'down' ? by : 0
    })
  }

  return (
    <div
      ref={box}
      className={`editor-canvas${far ? ' far' : ''}`}
      role="application"
      aria-label="Workflow graph"
      aria-roledescription="graph editor"
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <ReactFlow
        nodes={[...frames, ...shown]}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDragStart={(_, node) => frameDrag.start(node)}
        onNodeDragStop={(_, node, moved) => commitMoves(frameDrag.end(node) ?? moved.map(placed))}
        onSelectionDragStop={(_, moved) => commitMoves(moved.map(placed))}
        onNodeClick={(event, node) => {
          if (node.type === 'frame')
            return editor.setState({ frame: frameOf(node.id), selection: new Set(), link: null, tab: 'node' })
          editor.setState(({ tab }) => ({ tab: tab === 'run' ? tab : 'node' }))
          if (!event.shiftKey && !event.ctrlKey && !event.metaKey) editor.select([node.id])
        }}
        onNodeDoubleClick={() =>
          document.querySelector<HTMLElement>('.side-body input, .side-body select, .side-body textarea')?.focus()
        }
        onEdgeClick={(_, edge) => editor.selectLink(parseLinkId(edge.id))}
        onPaneClick={() => {
          editor.select([])
          editor.refuse(null)
          box.current?.focus()
        }}
        onPaneContextMenu={(event) => menuAt(event, null)}
        onNodeContextMenu={(event, node) => node.type === 'module' && menuAt(event, node.id)}
        isValidConnection={(connection) => refusalOf(editor.graph(), linkOf(connection)) === null}
        onConnect={(connection) => addConnection(editor, linkOf(connection))}
        onConnectEnd={(event, { fromHandle, fromNode, toNode, toHandle, isValid }) => {
          if (isValid || reconnected.current || !fromNode || !fromHandle?.id) return
          const from = { from: fromNode.id, output: fromHandle.id }
          if (fromHandle.type !== 'source') return
          if (toNode && toHandle) return editor.refuse(refusalOf(editor.graph(), { ...from, to: toNode.id }))
          if (toNode && toNode.type === 'module') return void addConnection(editor, { ...from, to: toNode.id })
          const point = 'changedTouches' in event ? event.changedTouches[0] : event
          const over = event.target as Element | null
          if (!point || !over?.closest('.react-flow__pane')) return
          const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY })
          editor.setState({ dialog: { kind: 'add', at: { x: at.x, y: at.y - nodeHeight / 2 }, from } })
        }}
        onReconnectStart={() => (reconnected.current = true)}
        onReconnect={(old, connection) => void moveConnection(editor, linkOf(old), linkOf(connection))}
        onReconnectEnd={() => setTimeout(() => (reconnected.current = false))}
        connectionRadius={28}
        nodesDraggable={!comparison}
        nodesConnectable={!comparison}
        elevateNodesOnSelect
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
        disableKeyboardA11y
        onlyRenderVisibleElements={nodes.length > 150}
        onInit={look}
        minZoom={0.05}
        maxZoom={2}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line-strong)" />
        <ZoomStyle box={box} />
        <Controls showInteractive={false} fitViewOptions={{ padding: 0.08, maxZoom: 1 }} />
        {nodes.length > 6 && <MiniMap pannable zoomable nodeColor="var(--line-strong)" ariaLabel="Minimap" />}
      </ReactFlow>
      {nodes.length === 0 && (
        <div className="canvas-empty">
          Every workflow starts with a trigger. Drag one here, or press <span className="kbd">A</span>.
        </div>
      )}
    </div>
  )
}
