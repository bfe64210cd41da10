// A piece of a workflow on its way: copied, duplicated, or dropped in from a blueprint. Nodes get new ids; connections inside the piece
// are kept, those to nodes outside are not.
import { plainNumber, plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import type { Position } from './edit.ts'
import { addNodes, keyAfterEdit, nextId, withFrame } from './edit.ts'
import { field, moduleOf, nodeAt, phpKey } from './nodes.ts'
import { phpInt } from '../php/cast.ts'
import { entries, isMap } from '../php/values.ts'

/** What lies on the clipboard: nodes as they are, keyed by what connections call them. */
export interface Fragment extends JsonMap {
  readonly retrace: 'nodes'
  readonly version: 1
  readonly nodes: JsonMap
  readonly frames: readonly Json[]
}

export function fragmentOf(graph: RawGraph, keys: Iterable<string>): Fragment {
  const wanted = new Set(keys)
  const nodes = [...wanted].flatMap((key) => {
    const node = nodeAt(graph, phpKey(key))
    return node === undefined ? [] : [[keyAfterEdit(graph, key), node] as const]
  })
  const frames = entries(Array.isArray(graph) ? [] : field(graph as JsonMap, '_frames'))
    .map(([, frame]) => frame)
    .filter((frame) => membersOf(frame).length > 0 && membersOf(frame).every((key) => wanted.has(key)))
  return { retrace: 'nodes', version: 1, nodes: Object.fromEntries(nodes), frames }
}

const membersOf = (frame: Json): readonly string[] =>
  entries(field(frame, 'nodes')).map(([, key]) => plainText(key as string))

/** What somebody pastes: our own JSON, a workflow, a blueprint, a map or list of nodes. Null when there are no nodes in it. */
export function parseFragment(value: unknown): Fragment | null {
  if (typeof value !== 'object' || value === null) return null
  const json = value as Json
  if (isMap(json) && json.retrace === 'nodes' && isMap(json.nodes))
    return {
      retrace: 'nodes',
      version: 1,
      nodes: nodeMap(json.nodes),
      frames: Array.isArray(json.frames) ? json.frames : []
    }
  const outer = isMap(json) ? (json.WorkflowBlueprint ?? json.Workflow ?? json) : json
  const graph = isMap(outer) && typeof outer.data === 'object' && outer.data !== null ? outer.data : outer
  if (typeof graph !== 'object' || graph === null) return null
  const nodes = nodeMap(graph)
  const frames = isMap(graph) ? entries(graph._frames).map(([, frame]) => frame) : []
  return Object.keys(nodes).length === 0 ? null : { retrace: 'nodes', version: 1, nodes, frames }
}

const isNode = (value: Json): boolean => isMap(value) && isMap(value.data) && typeof value.data.id === 'string'

function nodeMap(graph: Json): JsonMap {
  const list = entries(graph).filter(([key, node]) => key !== '_frames' && isNode(node))
  return Object.fromEntries(
    list.map(([key, node]) => [Array.isArray(graph) ? String(phpInt(field(node, 'id'))) : key, node])
  )
}

export interface PasteOptions {
  /** Where the piece's upper left corner comes to lie; without it, where it lay. */
  readonly at?: Position
  readonly uid: (index: number) => string
  /** The first id to give, when lower ones were used before. */
  readonly first?: number
  /** False leaves out triggers: a workflow has one. */
  readonly triggers?: boolean
}

export interface Pasted {
  readonly graph: RawGraph
  /** Keys of the new nodes, in the piece's order. */
  readonly keys: readonly string[]
}

/** Adds the piece's nodes under new ids. */
export function paste(
  graph: RawGraph,
  fragment: Fragment,
  { at, uid, first: wanted = 0, triggers = true }: PasteOptions
): Pasted {
  const piece = Object.entries(fragment.nodes).filter(([, node]) => triggers || moduleOf(node).type !== 'trigger')
  const first = Math.max(nextId(graph), wanted)
  const ids = new Map(piece.map(([key], i) => [key, first + i]))
  const xs = piece.map(([, node]) => plainNumber(field(node, 'pos_x') ?? 0))
  const ys = piece.map(([, node]) => plainNumber(field(node, 'pos_y') ?? 0))
  const least = (list: readonly number[]): number => list.reduce((a, b) => Math.min(a, b), Infinity)
  const shift = at ? { x: at.x - least(xs), y: at.y - least(ys) } : { x: 0, y: 0 }
  const added = piece.map(([, node], i) => {
    const moved = { pos_x: Math.round((xs[i] ?? 0) + shift.x), pos_y: Math.round((ys[i] ?? 0) + shift.y) }
    return { ...remapped(node, ids), id: first + i, ...moved, data: { ...dataOf(node), node_uid: uid(i) } }
  })
  let next = addNodes(graph, added)
  for (const [i, frame] of fragment.frames.entries()) {
    const nodes = membersOf(frame).flatMap((key) => (ids.has(key) ? [String(ids.get(key))] : []))
    const text = field(frame, 'text')
    if (nodes.length > 0)
      next = withFrame(next, `frame-${uid(1000 + i)}`, { title: typeof text === 'string' ? text : '', nodes })
  }
  return { graph: next, keys: [...ids.values()].map(String) }
}

const dataOf = (node: Json): JsonMap => {
  const data = field(node, 'data')
  return isMap(data) ? data : {}
}

/** A node with its connections led to the new ids, those that leave the piece dropped. */
function remapped(node: Json, ids: ReadonlyMap<string, number>): JsonMap {
  const side = (sockets: Json | undefined): Json => {
    const all = entries(sockets).map(([name, socket]) => {
      const connections = entries(field(socket, 'connections')).flatMap(([, item]) => {
        const id = ids.get(String(phpInt(field(item, 'node'))))
        if (id === undefined || !isMap(item)) return []
        // Labels are MISP's own notes for its editor; they are worked out anew.
        const { labels: _labels, ...kept } = item
        return [{ ...kept, node: String(id) }]
      })
      return [name, { ...(isMap(socket) ? socket : {}), connections }] as const
    })
    return all.length === 0 ? [] : Object.fromEntries(all)
  }
  const map = isMap(node) ? node : {}
  return { ...map, inputs: side(map.inputs), outputs: side(map.outputs) }
}
