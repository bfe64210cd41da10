// What MISP looks up in a graph before and while it walks (WorkflowGraphTool).
import { plainText, type Json } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { phpError } from '../php/exceptions.ts'
import { isEmpty } from '../php/values.ts'
import { dataOf, field, nodesOf } from './nodes.ts'

const nodesWith = (graph: RawGraph, type: string, id?: string): readonly Json[] =>
  nodesOf(graph)
    .map(({ node }) => node)
    .filter((node) => dataOf(node, 'module_type') === type && (id === undefined || dataOf(node, 'id') === id))

/** Trigger nodes in order (extractTriggersFromWorkflow). */
export const extractTriggers = (graph: RawGraph): readonly Json[] => nodesWith(graph, 'trigger')
/** The first trigger node, null without one (extractTriggerFromWorkflow). */
export const extractTrigger = (graph: RawGraph): Json => extractTriggers(graph)[0] ?? null
/** The first trigger's module id, null without one. */
export const extractTriggerId = (graph: RawGraph): Json => dataOf(extractTrigger(graph), 'id') ?? null
/** The same where it is a text, as every trigger's of MISP is. */
export function triggerIdOf(graph: RawGraph): string | null {
  const id = extractTriggerId(graph)
  return typeof id === 'string' ? id : null
}
export const extractConcurrentTasks = (graph: RawGraph): readonly Json[] => nodesWith(graph, 'logic', 'concurrent-task')
/** extractFilterNodesFromWorkflow. */
export const extractFilterNodes = (graph: RawGraph, isFilter: (moduleId: string) => boolean): readonly Json[] =>
  nodesWith(graph, 'logic').filter((node) => isFilter(plainText(dataOf(node, 'id') ?? '')))
/** GraphWalker::_executeModuleLogic: a filter's node goes on by `output_1`, whatever became of it. */
export function goesOnAnyway(node: Json, knownBySavedNode: boolean): boolean {
  const id = dataOf(node, 'id')
  if (id === 'generic-filter-reset') return true
  return knownBySavedNode ? !isEmpty(dataOf(node, 'isFiltering')) : id === 'generic-filter-data'
}
export const extractResetNodes = (graph: RawGraph): readonly Json[] => nodesWith(graph, 'logic', 'generic-filter-reset')

/** PHP coerces the id to the declared `int`: numeric texts pass, anything else is a TypeError. */
function returnInt(value: Json | undefined): number {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string' && /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return Math.trunc(Number(value))
  const type = value === null || value === undefined ? 'null' : typeof value === 'string' ? 'string' : 'array'
  throw phpError(
    'TypeError',
    `WorkflowGraphTool::getNodeIdForTrigger(): Return value must be of type int, ${type} returned`
  )
}

/**
 * The id of the first trigger's node when it is that trigger, else -1 (getNodeIdForTrigger).
 * @param triggerId null stands for "no trigger": null equals null, so a graph without trigger is a TypeError, as in MISP
 */
export function getNodeIdForTrigger(graph: RawGraph, triggerId: string | null): number {
  const trigger = extractTrigger(graph)
  const id = dataOf(trigger, 'id') ?? null
  const same = triggerId === null ? id === null || id === '' : String(id ?? '') === triggerId
  return same ? returnInt(field(trigger, 'id')) : -1
}

export interface PathStep {
  readonly source_id: string
  readonly output_id: string
  readonly connection_id: string
  readonly next_node_id: string
}

/** An edge as MISP's walker writes it (GraphWalker::__genPathList). */
export const pathEdge = (source: number | string, output: string, connection: number | string, next: number): string =>
  `${source}:${output}:${connection}:${next}`

/** GraphWalker::parsePathList. */
export const parsePathList = (path: readonly string[]): readonly PathStep[] =>
  path.map((edge) => {
    const [source_id = '', output_id = '', connection_id = '', next_node_id = ''] = edge.split(':')
    return { source_id, output_id, connection_id, next_node_id }
  })
