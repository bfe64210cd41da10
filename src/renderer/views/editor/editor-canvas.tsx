import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore as useFlowStore
} from 'reactflow'
import type { NodeChange } from 'reactflow'
import 'reactflow/dist/style.css'
import '../../components/workflow-graph/workflow-graph.css'
import './editor.css'
import { useMemo, useRef } from 'react'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { refusalOf } from '../../../engine/graph/edit-links.ts'
import { addConnection, moveConnection } from './actions.ts'
import {
  clickNode,
  commitMoves,
  dropItem,
  endConnection,
  linkOf,
  onCanvasKey,
  openCanvasMenu,
  select
} from './canvas-events.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { EditorEdge } from './editor-edge.tsx'
import { EditorFrame, EditorNode } from './editor-node.tsx'
import { frameNodes, parseLinkId } from './flow-model.ts'
import { useCanvasEdges, useCanvasNodes, useCanvasSources, useShowAdded } from './use-canvas-graph.ts'
import { useFirstLook } from './use-first-look.ts'
import { useFrameDrag } from './use-frame-drag.ts'
import { useSpread } from './use-spread.ts'
import { ZoomStyle } from './zoom-style.tsx'

const nodeTypes = { module: EditorNode, frame: EditorFrame }
const edgeTypes = { editor: EditorEdge }

/** The graph to work on. Everything on it is the document's, but the positions of a drag. */
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
  const sources = useCanvasSources(disabled, paths)
  const { document: drawn, comparison, unfolded } = sources
  const [nodes, setNodes] = useCanvasNodes(sources)
  const edges = useCanvasEdges(sources)
  const { shown, placed, changes: placedChanges } = useSpread(nodes, unfolded)
  const frame = useEditorState((state) => state.frame)
  const frames = useMemo(() => frameNodes(drawn, shown, frame), [drawn, shown, frame])
  useShowAdded(box)
  const look = useFirstLook(nodes, box)
  const frameDrag = useFrameDrag(nodes, setNodes)
  const reconnected = useRef(false)
  // Below this the smaller texts could not be read: names take their place. Fields stay a little longer, for who works in them.
  const far = useFlowStore(({ transform }) => transform[2] < (unfolded.size > 0 ? 0.6 : 0.92))

  const onNodesChange = (all: NodeChange[]) => {
    const changes = placedChanges(frameDrag.changes(all))
    const rest = changes.filter((change) => change.type !== 'select' && change.type !== 'remove')
    if (rest.length > 0) setNodes((before) => applyNodeChanges(rest, before))
    select(editor, changes)
  }

  return (
    <div
      ref={box}
      className={`editor-canvas${far ? ' far' : ''}`}
      role="application"
      aria-label="Workflow graph"
      aria-roledescription="graph editor"
      tabIndex={0}
      onKeyDown={(event) => onCanvasKey(editor, event, nodes[0]?.id)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => dropItem(editor, flow, event)}
    >
      <ReactFlow
        nodes={[...frames, ...shown]}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDragStart={(_, node) => frameDrag.start(node)}
        onNodeDragStop={(_, node, moved) => commitMoves(editor, frameDrag.end(node) ?? moved.map(placed))}
        onSelectionDragStop={(_, moved) => commitMoves(editor, moved.map(placed))}
        onNodeClick={(event, node) => clickNode(editor, event, node)}
        onNodeDoubleClick={() =>
          document.querySelector<HTMLElement>('.side-body input, .side-body select, .side-body textarea')?.focus()
        }
        onEdgeClick={(_, edge) => editor.selectLink(parseLinkId(edge.id))}
        onPaneClick={() => {
          editor.select([])
          editor.refuse(null)
          box.current?.focus()
        }}
        onPaneContextMenu={(event) => openCanvasMenu(editor, flow, event, null)}
        onNodeContextMenu={(event, node) => node.type === 'module' && openCanvasMenu(editor, flow, event, node.id)}
        isValidConnection={(connection) => refusalOf(editor.graph(), linkOf(connection)) === null}
        onConnect={(connection) => addConnection(editor, linkOf(connection))}
        onConnectEnd={(event, state) => reconnected.current || endConnection(editor, flow, event, state)}
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
