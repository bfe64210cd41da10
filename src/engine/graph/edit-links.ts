// Which connections MISP's editor refuses, and why, in words.
import type { Json } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import type { Link } from './edit.ts'
import { connect, disconnect } from './edit.ts'
import { connectionsOf, dataOf, field, moduleOf, nodeAt, nodesOf, phpKey } from './nodes.ts'
import { isEmpty } from '../php/values.ts'
import { reachableFrom } from './trails.ts'

const titleOf = (node: Json | undefined, key: string): string => {
  const name = field(node, 'name')
  return `${typeof name === 'string' && name !== '' ? name : moduleOf(node).id} (${key})`
}

const hasInput = (node: Json | undefined): boolean => {
  if (moduleOf(node).type === 'trigger') return false
  const inputs = field(node, 'inputs')
  return inputs === undefined || inputs === null || Object.keys(inputs as object).length > 0
}

export const outputsOf = (node: Json | undefined): readonly string[] => {
  const outputs = field(node, 'outputs')
  return typeof outputs === 'object' && outputs !== null ? Object.keys(outputs) : []
}

/** Connections of a graph, by key. */
export const linksOf = (graph: RawGraph): readonly Link[] =>
  nodesOf(graph).flatMap(({ key, node }) =>
    connectionsOf(node).map(({ output, target }) => ({ from: String(key), output, to: String(target) }))
  )

/** Why MISP would not have this connection; null when it would. */
export function refusalOf(graph: RawGraph, { from, output, to }: Link): string | null {
  const source = nodeAt(graph, phpKey(from))
  const target = nodeAt(graph, phpKey(to))
  if (source === undefined || target === undefined) return 'One of the two nodes does not exist.'
  const [here, there] = [titleOf(source, from), titleOf(target, to)]
  if (from === to) return `${here} cannot be connected to itself: MISP refuses workflows that contain a cycle.`
  if (!hasInput(target)) return `${there} has no input: the workflow starts at its trigger.`
  if (!outputsOf(source).includes(output)) return `${here} has no output ${output}.`
  const leaving = connectionsOf(source).filter((known) => known.output === output)
  if (leaving.some((known) => String(known.target) === to)) return `${here} is already connected to ${there}.`
  if (leaving.length > 0 && isEmpty(dataOf(source, 'multiple_output_connection'))) {
    const known = String(leaving[0]?.target)
    const first = titleOf(nodeAt(graph, phpKey(known)), known)
    return `This output of ${here} is already connected to ${first}. MISP allows one connection per output; only Concurrent Task allows more.`
  }
  if (reachableFrom(graph, phpKey(to)).has(phpKey(from)))
    return `${there} already leads to ${here}: the connection would create a cycle, which MISP refuses.`
  return null
}

/** Moves one end of a connection. Answers why not, when MISP would refuse the new one. */
export function reconnect(graph: RawGraph, old: Link, next: Link): RawGraph | string {
  const without = disconnect(graph, old)
  const refusal = refusalOf(without, next)
  return refusal ?? connect(without, next)
}

/** Puts a node into a connection: it takes over the way, its first output leads on. */
export function insertOn(graph: RawGraph, link: Link, key: string): RawGraph | string {
  const node = nodeAt(graph, phpKey(key))
  const output = outputsOf(node)[0]
  if (!hasInput(node)) return `${titleOf(node, key)} has no input, so nothing can be connected to it.`
  if (key === link.from || key === link.to) return 'The node is already part of this connection.'
  const cut = disconnect(graph, link)
  const before = { from: link.from, output: link.output, to: key }
  const refused = refusalOf(cut, before)
  if (refused !== null) return refused
  const half = connect(cut, before)
  // A module that ends the way (Stop execution) takes it over; what was behind stays, unconnected.
  if (output === undefined) return half
  const after = { from: key, output, to: link.to }
  const refusedAfter = refusalOf(half, after)
  return refusedAfter ?? connect(half, after)
}
