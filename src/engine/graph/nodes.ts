// Reading a graph the way PHP does: `$graph[$id]` looks up a KEY of the map (or an index of the list), never a node's own id, and
// fields that are missing or of another type are null or a TypeError. Everything is O(1) or one pass.
import { phpInt } from '../php/cast.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { badArgument } from '../php/bad-argument.ts'
import { isPhp7 } from '../php/version.ts'
import { phpError } from '../php/exceptions.ts'
import { entries, fromEntries } from '../php/values.ts'

/** A key of a PHP array: `"3"` is 3, `"03"` stays a string. */
export type PhpKey = number | string

/** PHP's conversion of a value to an array key. */
export function phpKey(value: Json | undefined): PhpKey {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return /^(0|-?[1-9]\d{0,15})$/.test(value) ? Number(value) : value
  if (value === null || value === undefined) return ''
  throw phpError('TypeError', 'Illegal offset type')
}

/** `$value[$name]`: null for what is no array, a TypeError for a string. */
export function field(value: Json | undefined, name: string): Json | undefined {
  if (typeof value === 'string') {
    badArgument(`Cannot access offset "${name}" on string`)
    // PHP 7 takes the name for the number 0.
    return value.charAt(0)
  }
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, name) ? (value as JsonMap)[name] : undefined
}

/** A PHP array by node keys: a list when the keys are 0..n-1, else a map. */
export const arrayByKey = (items: ReadonlyMap<PhpKey, Json>): Json =>
  fromEntries([...items].map(([key, value]) => [String(key), value] as const)) as Json

export interface Keyed {
  readonly key: PhpKey
  readonly node: Json
}

/** Nodes in order, without `_frames` (WorkflowGraphTool::cleanGraphData). */
export const nodesOf = (graph: RawGraph): readonly Keyed[] =>
  entries(graph as Json)
    // `$key != '_frames'`, which for PHP 7 the number 0 is not.
    .filter(([key]) => key !== '_frames' && !(key === '0' && isPhp7()))
    .map(([key, node]) => ({ key: phpKey(key), node }))

/** `$graph[$key]`. */
export function nodeAt(graph: RawGraph, key: PhpKey): Json | undefined {
  const name = String(key)
  return Object.hasOwn(graph, name) ? (graph as JsonMap)[name] : undefined
}

export interface Connection {
  /** `output_1`, `output_2`. */
  readonly output: string
  /** Position in the output's list. */
  readonly connection: string
  /** `(int)$connection['node']`. */
  readonly target: number
}

/** Outgoing connections in MISP's order: every list of every output is read, whatever its name. */
export function connectionsOf(node: Json | undefined): Connection[] {
  const found: Connection[] = []
  for (const [output, lists] of entries(field(node, 'outputs')))
    for (const [, list] of entries(lists))
      for (const [connection, item] of entries(list))
        found.push({ output, connection, target: phpInt(field(item, 'node')) })
  return found
}

export const dataOf = (node: Json | undefined, name: string): Json | undefined => field(field(node, 'data'), name)

/** Type and id of a node's module, as texts. */
export const moduleOf = (node: Json | undefined): { readonly type: string; readonly id: string } => {
  const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
  return { type: text(dataOf(node, 'module_type')), id: text(dataOf(node, 'id')) }
}
