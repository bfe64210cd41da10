// Where the nodes of a workflow stand in its JSON text, by line and column.
import { parseTree, type Node } from 'jsonc-parser'
import type { JsonMap } from '../../contract/json.ts'
import { isMap } from '../../engine/php/values.ts'
import { phpKey } from '../../engine/graph/nodes.ts'

/** From 1, in UTF-16 units; the end is the first column behind it. */
export interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}

export interface Positions {
  /** The workflow's row, where nothing nearer is known. */
  readonly whole: Region | null
  node(id: string | number): Region | null
  param(id: string | number, name: string): Region | null
  /** A connection of the node `from` that leads to `to`. */
  edge(from: string | number, to: string | number): Region | null
}

/** Of two keys of the same name JSON takes the last. */
const child = (node: Node | undefined, key: string | number): Node | undefined =>
  typeof key === 'number' || node?.type === 'array'
    ? node?.children?.[Number(key)]
    : node?.children?.findLast(({ children }) => children?.[0]?.value === key)?.children?.[1]

const descend = (node: Node | undefined, ...path: readonly (string | number)[]): Node | undefined =>
  path.reduce<Node | undefined>((at, key) => child(at, key), node)

const valuesOf = (node: Node | undefined): readonly Node[] =>
  node?.type === 'array' ? (node.children ?? []) : (node?.children ?? []).flatMap(({ children }) => children?.[1] ?? [])

const textId = (id: unknown): string => String(phpKey(typeof id === 'string' || typeof id === 'number' ? id : null))

const regionsOf = (text: string): ((node: Node) => Region) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const place = (offset: number): readonly [line: number, column: number] => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return [low + 1, offset - (starts[low] ?? 0) + 1]
  }
  return ({ offset, length }) => {
    const [startLine, startColumn] = place(offset)
    const [endLine, endColumn] = place(offset + length)
    return { startLine, startColumn, endLine, endColumn }
  }
}

/** Where a text stops being JSON, as its error says. */
export function regionOf(place: unknown): Region | null {
  const [, line, column] = /^line (\d+), column (\d+)$/.exec(String(place)) ?? []
  if (line === undefined || column === undefined) return null
  const [startLine, startColumn] = [Number(line), Number(column)]
  return { startLine, startColumn, endLine: startLine, endColumn: startColumn }
}

const wrappers = ['Workflow', 'WorkflowBlueprint'] as const

/** The row and its nodes, in whichever wrapping `parseWorkflow` takes. The database's text of nodes stands at one place. */
function find(entry: Node | undefined, value: JsonMap | readonly unknown[]): { row: Node | undefined; graph?: Node } {
  const own = isMap(value as JsonMap) ? (value as JsonMap) : null
  if (own?.format === 'retrace.workflow') return find(child(entry, 'workflow'), own.workflow as JsonMap)
  if (own?.format === 'retrace.blueprint') return find(child(entry, 'blueprint'), own.blueprint as JsonMap)
  const wrapper = own && wrappers.find((name) => isMap(own[name]))
  const row = wrapper ? child(entry, wrapper) : entry
  const data = descend(row, 'data')
  const isRow = wrapper || (data !== undefined && descend(data, 'module_type') === undefined)
  const graph = isRow ? data : row
  return graph ? { row, graph } : { row }
}

/**
 * @param text the whole file, which has been parsed before
 * @param entry the path of the workflow in it: empty, a place in a list, or `response` and a place
 */
export function positionsIn(
  text: string,
  entry: readonly (string | number)[],
  value: JsonMap | readonly unknown[]
): Positions {
  const root = parseTree(text)
  const region = regionsOf(text)
  const { row, graph } = find(descend(root, ...entry), value)
  const nodes = new Map<string, Node>()
  if (graph?.type !== 'string')
    for (const node of valuesOf(graph)) {
      const id = child(node, 'id')
      if (id) nodes.set(textId(id.value), node)
    }
  const nodeOf = (id: string | number): Node | undefined =>
    nodes.get(textId(id)) ?? (graph?.type === 'string' ? graph : undefined)
  const regionOr = (node: Node | undefined): Region | null => (node ? region(node) : null)
  return {
    whole: regionOr(row),
    node: (id) => regionOr(nodeOf(id)),
    param: (id, name) => regionOr(descend(nodeOf(id), 'data', 'indexed_params', name)),
    edge(from, to) {
      const connections = valuesOf(child(nodeOf(from), 'outputs'))
        .flatMap(valuesOf)
        .flatMap(valuesOf)
      return regionOr(connections.find((one) => textId(child(one, 'node')?.value) === textId(to)))
    }
  }
}
