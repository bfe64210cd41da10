// What can be done in the editor, the same from mouse, keyboard, menus and the palette.
import { largest, smallest } from '../../../contract/lists.ts'
import { plainNumber, type Json } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import { insertOn, linksOf, reconnect, refusalOf } from '../../../engine/graph/edit-links.ts'
import { buildNode } from '../../../engine/graph/edit-node.ts'
import type { Link, Position } from '../../../engine/graph/edit.ts'
import { addNode, connect, disconnect, moveNodes, nextId, removeNodes, withFrame } from '../../../engine/graph/edit.ts'
import { fragmentOf, parseFragment, paste } from '../../../engine/graph/fragment.ts'
import { moduleOf, nodesOf } from '../../../engine/graph/nodes.ts'
import { client } from '../../client/client.ts'
import { showFailure, toast } from '../../stores/app.ts'
import type { Editor } from '../../stores/editor.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { framesOf, freeOutputs, keysOf, newUid, nodeInfo, positionOf } from '../../stores/editor-model.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { plural } from '../../../contract/words.ts'

export type Item =
  | { readonly kind: 'module'; readonly definition: ModuleDefinition }
  | { readonly kind: 'blueprint'; readonly uuid: string; readonly name: string }

export interface Place {
  readonly at?: Position
  /** Connects the new node behind this output. */
  readonly from?: Omit<Link, 'to'>
  /** Puts the new node into this connection. */
  readonly link?: Link
}

const gap = { x: nodeWidth + 78, y: nodeHeight + 34 }

/** The next place to the right of a node that is free. */
function placeBehind(graph: RawGraph, { from, output }: Omit<Link, 'to'>): Position {
  const at = positionOf(graph, from)
  return freePlace(graph, { x: at.x + gap.x, y: at.y + (output === 'output_1' ? 0 : gap.y) })
}

function freePlace(graph: RawGraph, wanted: Position): Position {
  const taken = keysOf(graph).map((key) => positionOf(graph, key))
  let { x, y } = wanted
  while (taken.some((one) => Math.abs(one.x - x) < nodeWidth && Math.abs(one.y - y) < nodeHeight + 16)) y += gap.y
  x = Math.round(x)
  return { x, y: Math.round(y) }
}

const middle = (graph: RawGraph, { from, to }: Link): Position => {
  const [a, b] = [positionOf(graph, from), positionOf(graph, to)]
  return { x: Math.round((a.x + b.x) / 2), y: Math.round((a.y + b.y) / 2) + 24 }
}

/** Where a node goes that is added without a place: behind the one selected node that can still lead somewhere. */
export function suggestedSource(editor: Editor): Omit<Link, 'to'> | undefined {
  const [only, ...more] = editor.getState().selection
  if (only === undefined || more.length > 0) return undefined
  const output = freeOutputs(editor.graph(), only)[0]
  return output === undefined ? undefined : { from: only, output }
}

/** MISP's editor does not use the id of a removed node again; what was saved keeps meaning the same nodes. */
const freeId = (editor: Editor): number => {
  const { saved, past } = editor.getState()
  const before = past.slice(-20).map(({ document }) => nextId(workflowGraph(document)))
  return largest([nextId(editor.graph()), nextId(workflowGraph(saved)), ...before])
}

function addModule(editor: Editor, definition: ModuleDefinition, place: Place = {}): string | null {
  const graph = editor.graph()
  const isTrigger = definition.module_type === 'trigger'
  if (isTrigger && nodesOf(graph).some(({ node }) => moduleOf(node).type === 'trigger')) {
    editor.refuse('The workflow already has a trigger: MISP only saves workflows with exactly one.')
    return null
  }
  const from = isTrigger || place.link ? undefined : place.from
  const position =
    place.at ??
    (place.link
      ? freePlace(graph, middle(graph, place.link))
      : from
        ? placeBehind(graph, from)
        : freePlace(graph, { x: 0, y: 0 }))
  const id = freeId(editor)
  const key = String(id)
  const node = buildNode(definition, {
    id,
    position: { x: Math.round(position.x), y: Math.round(position.y) },
    uid: newUid()
  })
  const done = editor.edit(`Add ${definition.name}`, (before) => {
    const added = addNode(before, node)
    if (place.link) return insertOn(added, place.link, key)
    if (!from) return added
    const link = { ...from, to: key }
    return refusalOf(added, link) ?? connect(added, link)
  })
  if (!done) return null
  editor.select([key])
  editor.setState({ tab: 'node', added: [key] })
  if (preferences.getState().fieldsInNodes) unfold(editor, [key])
  return key
}

async function addBlueprint(editor: Editor, uuid: string, place: Place = {}): Promise<void> {
  const answer = await client.call('blueprints.get', { uuid })
  if (!answer.ok) return showFailure(answer.error)
  pasteJson(editor, answer.data.blueprint, place, `Insert blueprint ${answer.data.name}`)
  const { unknownModules, changedVersions, goneParams } = answer.data.report
  const notes = [
    unknownModules.length > 0 && plural(unknownModules.length, 'unknown module'),
    changedVersions.length > 0 &&
      plural(changedVersions.length, 'module of another version', 'modules of another version'),
    goneParams.length > 0 && plural(goneParams.length, 'node with removed parameters', 'nodes with removed parameters')
  ].filter((note) => note !== false)
  if (notes.length > 0) toast(`${answer.data.name}: ${notes.join(', ')}. Nothing was removed; see Problems.`)
}

export const addItem = (editor: Editor, item: Item, place: Place = {}): void => {
  if (item.kind === 'module') addModule(editor, item.definition, place)
  else void addBlueprint(editor, item.uuid, place)
}

function pasteJson(editor: Editor, value: unknown, place: Place, label = 'Paste'): boolean {
  const fragment = parseFragment(value)
  if (!fragment) return false
  const graph = editor.graph()
  const hasTrigger = nodesOf(graph).some(({ node }) => moduleOf(node).type === 'trigger')
  let keys: readonly string[] = []
  const first = freeId(editor)
  const corner = (axis: 'pos_x' | 'pos_y'): number =>
    smallest(Object.values(fragment.nodes).map((node) => plainNumber((node as Record<string, Json>)[axis] ?? 0)))
  const at =
    place.at ??
    (place.from ? placeBehind(graph, place.from) : freePlace(graph, { x: corner('pos_x'), y: corner('pos_y') }))
  const done = editor.edit(label, (before) => {
    const pasted = paste(before, fragment, { at, uid: newUid, first, triggers: !hasTrigger })
    keys = pasted.keys
    if (keys.length === 0) return 'This only contains a trigger, and the workflow already has one.'
    const { from } = place
    if (!from) return pasted.graph
    const inner = new Set(linksOf(pasted.graph).map(({ to }) => to))
    const root = keys.find((key) => !inner.has(key))
    const link = root === undefined ? null : { ...from, to: root }
    return link && refusalOf(pasted.graph, link) === null ? connect(pasted.graph, link) : pasted.graph
  })
  if (!done) return false
  editor.select(keys)
  editor.setState({ added: keys })
  return true
}

export function pasteText(editor: Editor, text: string, at?: Position): boolean {
  try {
    return pasteJson(editor, JSON.parse(text), at ? { at } : {})
  } catch {
    return false
  }
}

export const selectionText = (editor: Editor): string | null => {
  const { selection } = editor.getState()
  return selection.size === 0 ? null : JSON.stringify(fragmentOf(editor.graph(), selection), null, 1)
}

export function removeSelected(editor: Editor): void {
  const { selection, link, frame } = editor.getState()
  if (link) return void editor.edit('Remove connection', (graph) => disconnect(graph, link))
  if (frame) {
    editor.setState({ frame: null })
    return void editor.edit('Remove frame', (graph) => withFrame(graph, frame, { title: '', nodes: [] }))
  }
  if (selection.size === 0) return
  const count = selection.size
  editor.edit(count === 1 ? 'Remove node' : `Remove ${plural(count, 'node')}`, (graph) => removeNodes(graph, selection))
}

export function duplicate(editor: Editor): void {
  const { selection } = editor.getState()
  if (selection.size === 0) return
  const graph = editor.graph()
  const places = [...selection].map((key) => positionOf(graph, key))
  const at = {
    x: smallest(places.map(({ x }) => x)) + 40,
    y: smallest(places.map(({ y }) => y)) + nodeHeight + 30
  }
  pasteJson(editor, fragmentOf(graph, selection), { at }, 'Duplicate')
}

/** Fields in every node or in none; nodes that are added do the same. */
export function unfoldAll(editor: Editor, on: boolean): void {
  setPreference('fieldsInNodes', on)
  editor.setState({ unfolded: new Set(on ? keysOf(editor.graph()) : []) })
}

/** Shows the fields of these nodes on the canvas, or folds them when all are shown. */
export function unfold(editor: Editor, keys: Iterable<string>): void {
  const given = [...keys]
  const next = new Set(editor.getState().unfolded)
  const all = given.every((key) => next.has(key))
  for (const key of given)
    if (all) next.delete(key)
    else next.add(key)
  editor.setState({ unfolded: next })
}

export function addConnection(editor: Editor, link: Link): boolean {
  return editor.edit('Connect', (graph) => refusalOf(graph, link) ?? connect(graph, link))
}

export const moveConnection = (editor: Editor, old: Link, next: Link): boolean =>
  editor.edit('Reconnect', (graph) => reconnect(graph, old, next))

export function nudge(editor: Editor, by: Position): void {
  const { selection: selected, frame } = editor.getState()
  const selection = frame ? (framesOf(editor.graph()).find(({ id }) => id === frame)?.nodes ?? []) : [...selected]
  if (selection.length === 0) return
  const to = (graph: RawGraph): Map<string, Position> =>
    new Map(
      selection.map((key) => {
        const { x, y } = positionOf(graph, key)
        return [key, { x: x + by.x, y: y + by.y }]
      })
    )
  editor.edit('Move', (graph) => moveNodes(graph, to(graph)), `move ${selection.join(' ')}`)
}

/** The nearest node in a direction, for walking through the graph with the arrow keys. */
export function neighbour(graph: RawGraph, from: string, direction: 'left' | 'right' | 'up' | 'down'): string | null {
  const at = positionOf(graph, from)
  const links = linksOf(graph)
  // To the right and left the connections lead, before the distance does.
  const connected = new Set(
    direction === 'right'
      ? links.filter((link) => link.from === from).map(({ to }) => to)
      : direction === 'left'
        ? links.filter((link) => link.to === from).map((link) => link.from)
        : []
  )
  const first = [...connected][0]
  if (first !== undefined) return first
  let best: { readonly key: string; readonly cost: number } | null = null
  for (const key of keysOf(graph)) {
    if (key === from) continue
    const { x, y } = positionOf(graph, key)
    const [dx, dy] = [x - at.x, y - at.y]
    const [along, across] =
      direction === 'right' ? [dx, dy] : direction === 'left' ? [-dx, dy] : direction === 'down' ? [dy, dx] : [-dy, dx]
    if (along <= 0) continue
    const cost = along + 2 * Math.abs(across)
    if (!best || cost < best.cost) best = { key, cost }
  }
  return best?.key ?? null
}

export function frameSelection(editor: Editor, title: string): void {
  const { selection } = editor.getState()
  if (selection.size === 0) return
  const id = `frame-${newUid()}`
  if (editor.edit('Add frame', (graph) => withFrame(graph, id, { title, nodes: [...selection] })))
    editor.setState({ frame: id, selection: new Set(), tab: 'node' })
}

export function renameFrame(editor: Editor, id: string, title: string): void {
  const frame = framesOf(editor.graph()).find((one) => one.id === id)
  if (frame) editor.edit('Rename frame', (graph) => withFrame(graph, id, { title, nodes: frame.nodes }), `frame ${id}`)
}

export const titleOf = (editor: Editor, key: string): string => {
  const info = nodeInfo(editor.graph(), key)
  return info ? `${info.title} (${info.nodeId})` : key
}
