// The document that is edited: a workflow as the host keeps it, in whichever wrapping it came. Pure.
import { largest, smallest } from '../../contract/lists.ts'
import { plainNumber, plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RawGraph, RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { checkWorkflow } from '../../engine/check/check.ts'
import type { TemplateCheck } from '../../engine/check/check-problem.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import type { Position } from '../../engine/graph/edit.ts'
import { moveNodes } from '../../engine/graph/edit.ts'
import { outputsOf } from '../../engine/graph/edit-links.ts'
import { connectionsOf, dataOf, field, moduleOf, nodeAt, nodesOf, phpKey } from '../../engine/graph/nodes.ts'
import { phpInt } from '../../engine/php/cast.ts'
import { entries, isEmpty, isMap } from '../../engine/php/values.ts'
import { addedNow, modulesNow, profileNow } from './added-modules.ts'

export interface FrameInfo {
  readonly id: string
  readonly title: string
  readonly nodes: readonly string[]
}

export const framesOf = (graph: RawGraph): readonly FrameInfo[] =>
  entries(Array.isArray(graph) ? [] : (graph as JsonMap)._frames).map(([id, frame]) => {
    const title = field(frame, 'text')
    return {
      id,
      title: typeof title === 'string' ? title : '',
      nodes: entries(field(frame, 'nodes')).map(([, key]) => plainText(key as string))
    }
  })

/** What the panels show of a node. */
export interface NodeInfo {
  readonly key: string
  readonly nodeId: number
  readonly node: JsonMap
  readonly moduleId: string
  readonly moduleType: string
  readonly title: string
  readonly definition: ModuleDefinition | null
  readonly params: JsonMap
  readonly filters: JsonMap
  readonly outputs: readonly string[]
  readonly version: string
  readonly previousVersion: string
}

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})
const textOf = (value: Json | undefined, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise

export function nodeInfo(graph: RawGraph, key: string): NodeInfo | null {
  const node = nodeAt(graph, phpKey(key))
  if (!isMap(node)) return null
  const { type, id } = moduleOf(node)
  const definition = modulesNow().definition(type, id, addedNow()) ?? null
  return {
    key,
    node,
    nodeId: phpInt(node.id),
    moduleId: id,
    moduleType: type,
    title: textOf(node.name, textOf(dataOf(node, 'name'), definition?.name ?? id)),
    definition,
    params: mapOf(dataOf(node, 'indexed_params')),
    filters: mapOf(dataOf(node, 'saved_filters')),
    outputs: outputsOf(node),
    version: textOf(dataOf(node, 'module_version'), '?'),
    previousVersion: textOf(dataOf(node, 'previous_module_version'), '?')
  }
}

export const keysOf = (graph: RawGraph): readonly string[] => nodesOf(graph).map(({ key }) => String(key))

/** The module of the trigger, when it is one that is known. */
export function triggerOf(graph: RawGraph): string | null {
  const trigger = nodesOf(graph).find(({ node }) => moduleOf(node).type === 'trigger')
  const id = trigger ? moduleOf(trigger.node).id : ''
  return modulesNow().definition('trigger', id) ? id : null
}

/** Outputs of a node that can take another connection. */
export function freeOutputs(graph: RawGraph, key: string): readonly string[] {
  const node = nodeAt(graph, phpKey(key))
  const many = !isEmpty(dataOf(node, 'multiple_output_connection'))
  const taken = new Set(connectionsOf(node).map(({ output }) => output))
  return outputsOf(node).filter((output) => many || !taken.has(output))
}

/** What an output means at this module. */
export function outputLabel(outputs: readonly string[], output: string): string {
  if (outputs.length < 2) return 'next'
  return output === 'output_1' ? 'true' : output === 'output_2' ? 'false' : output
}

export const positionOf = (graph: RawGraph, key: string): Position => {
  const node = nodeAt(graph, phpKey(key))
  return { x: plainNumber(field(node, 'pos_x') ?? 0) || 0, y: plainNumber(field(node, 'pos_y') ?? 0) || 0 }
}

export type Alignment = 'left' | 'right' | 'top' | 'bottom' | 'columns' | 'rows'

export interface Box extends Position {
  readonly width: number
  readonly height: number
}

/** Lines nodes up; `columns` and `rows` spread them evenly. */
export function align(graph: RawGraph, boxes: ReadonlyMap<string, Box>, how: Alignment): RawGraph {
  const all = [...boxes]
  if (all.length < 2) return graph
  const left = smallest(all.map(([, box]) => box.x))
  const top = smallest(all.map(([, box]) => box.y))
  const right = largest(all.map(([, box]) => box.x + box.width))
  const bottom = largest(all.map(([, box]) => box.y + box.height))
  const spread = (axis: 'x' | 'y'): Map<string, Position> => {
    const sorted = [...all].sort(([, a], [, b]) => a[axis] - b[axis])
    const first = sorted[0]?.[1][axis] ?? 0
    const step = ((sorted.at(-1)?.[1][axis] ?? 0) - first) / (sorted.length - 1)
    return new Map(sorted.map(([key, box], i) => [key, { x: box.x, y: box.y, [axis]: Math.round(first + i * step) }]))
  }
  const place = (box: Box): Position => {
    if (how === 'left') return { x: left, y: box.y }
    if (how === 'right') return { x: right - box.width, y: box.y }
    return how === 'top' ? { x: box.x, y: top } : { x: box.x, y: bottom - box.height }
  }
  if (how === 'columns') return moveNodes(graph, spread('x'))
  if (how === 'rows') return moveNodes(graph, spread('y'))
  return moveNodes(graph, new Map(all.map(([key, box]) => [key, place(box)])))
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** What MISP's editor names a node by, for its own use. */
export const newUid = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(23)), (byte) => letters[byte % letters.length]).join('')

export interface CheckSettings {
  readonly settings: JsonMap
  readonly enabledModules: readonly string[] | null
  readonly enabledTriggers?: readonly string[] | null
  /** The other workflows of the workspace, which an action may fire. */
  readonly workflows?: readonly RawWorkflow[]
  readonly templateFault?: TemplateCheck | undefined
}

/** What MISP and Retrace say about the document; a document that cannot be read is one problem. */
export function problemsIn(
  document: Json,
  { settings, enabledModules, enabledTriggers = null, workflows = [], templateFault }: CheckSettings
): readonly WorkflowProblem[] {
  try {
    const { errors, warnings } = checkWorkflow(parseWorkflow(document, 'the workflow'), {
      settings,
      enabledModules,
      enabledTriggers,
      workflows,
      added: addedNow(),
      profile: profileNow(),
      ...(templateFault ? { templateFault } : {})
    })
    return [...errors, ...warnings]
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [{ severity: 'error', code: 'WORKFLOW_INVALID', message, nodeIds: [], edges: [] }]
  }
}
