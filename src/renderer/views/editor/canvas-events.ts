// What a hand does on the canvas, as edits of the document.
import type { DragEvent, KeyboardEvent, MouseEvent } from 'react'
import type { Connection, Edge, Node, NodeChange, OnConnectEnd, ReactFlowInstance } from 'reactflow'
import { refusalOf } from '../../../engine/graph/edit-links.ts'
import { moveNodes } from '../../../engine/graph/edit.ts'
import type { Link } from '../../../engine/graph/edit.ts'
import { openMenu } from '../../components/menu.tsx'
import { positionOf } from '../../stores/editor-model.ts'
import type { Editor } from '../../stores/editor.ts'
import { addConnection, addItem, duplicate, neighbour, nudge, removeSelected, selectionText } from './actions.ts'
import { frameOf, parseLinkId } from './flow-model.ts'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { takeDragged } from './palette.tsx'

const step = 10

export const linkOf = ({ source, sourceHandle, target }: Connection | Edge): Link => ({
  from: source,
  output: sourceHandle ?? 'output_1',
  to: target
})

const edgeAt = ({ clientX, clientY }: { clientX: number; clientY: number }): Link | null => {
  const id = document.elementFromPoint(clientX, clientY)?.closest('.react-flow__edge')?.getAttribute('data-id')
  return id ? parseLinkId(id) : null
}

export function select(editor: Editor, changes: readonly NodeChange[]): void {
  const selects = changes.filter((change) => change.type === 'select')
  if (selects.length === 0) return
  const next = new Set(editor.getState().selection)
  for (const change of selects)
    if (change.selected) next.add(change.id)
    else next.delete(change.id)
  editor.select(next)
}

export function clickNode(editor: Editor, event: MouseEvent, node: Node): void {
  if (node.type === 'frame')
    return editor.setState({ frame: frameOf(node.id), selection: new Set(), link: null, tab: 'node' })
  editor.setState(({ tab }) => ({ tab: tab === 'run' ? tab : 'node' }))
  if (!event.shiftKey && !event.ctrlKey && !event.metaKey) editor.select([node.id])
}

/** Where a drag ended. Nodes that had no place of their own get the one they were drawn at. */
export function commitMoves(editor: Editor, moved: readonly Node[]): void {
  const graph = editor.graph()
  const to = new Map(
    moved
      .filter((node) => node.type === 'module')
      .map((node) => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }])
  )
  const stayed = [...to].every(([key, { x, y }]) => positionOf(graph, key).x === x && positionOf(graph, key).y === y)
  if (!stayed) editor.edit(to.size === 1 ? 'Move node' : `Move ${to.size} nodes`, (before) => moveNodes(before, to))
}

/** `key`: the node under the pointer. */
export function openCanvasMenu(
  editor: Editor,
  flow: ReactFlowInstance,
  event: MouseEvent | globalThis.MouseEvent,
  key: string | null
): void {
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

/** A module or blueprint of the palette; over a connection it is inserted there. */
export function dropItem(editor: Editor, flow: ReactFlowInstance, event: DragEvent): void {
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

/** A connection that ended on no input: on a node it goes there, on the canvas a node is asked for. */
export function endConnection(
  editor: Editor,
  flow: ReactFlowInstance,
  ...[event, { fromHandle, fromNode, toNode, toHandle, isValid }]: Parameters<OnConnectEnd>
): void {
  if (isValid || !fromNode || !fromHandle?.id || fromHandle.type !== 'source') return
  const from = { from: fromNode.id, output: fromHandle.id }
  if (toNode && toHandle) return editor.refuse(refusalOf(editor.graph(), { ...from, to: toNode.id }))
  if (toNode && toNode.type === 'module') return void addConnection(editor, { ...from, to: toNode.id })
  const point = 'changedTouches' in event ? event.changedTouches[0] : event
  const over = event.target as Element | null
  if (!point || !over?.closest('.react-flow__pane')) return
  const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY })
  editor.setState({ dialog: { kind: 'add', at: { x: at.x, y: at.y - nodeHeight / 2 }, from } })
}

const ways = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const

/** Arrows move what is selected, with Alt the selection; Escape leaves a field in a node. `first`: where the selection begins. */
export function onCanvasKey(editor: Editor, event: KeyboardEvent<HTMLElement>, first: string | undefined): void {
  const target = event.target as HTMLElement
  if (target.closest('[role="dialog"]')) return
  if (target.closest('input, textarea, select')) {
    // Back to where single keys are shortcuts.
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault()
      event.currentTarget.focus()
    }
    return
  }
  const way = Object.hasOwn(ways, event.key) ? ways[event.key as keyof typeof ways] : undefined
  if (!way || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  if (event.altKey) {
    const [chosen] = editor.getState().selection
    const next = chosen === undefined ? first : neighbour(editor.graph(), chosen, way)
    if (next) editor.select([next])
    return
  }
  const by = event.shiftKey ? step * 5 : step
  nudge(editor, {
    x: way === 'left' ? -by : way === 'right' ? by : 0,
    y: way === 'up' ? -by : way === 'down' ? by : 0
  })
}
