// From unknown JSON to a workflow. What MISP stores is accepted in every shape it writes; anything else is a coded error that
// names the input and the place. Data inside nodes (parameters, filters) is not looked at: it is the modules' business.
import { CodedError } from '../../contract/errors.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph, RawWorkflow } from '../../contract/workflow.ts'
import { modulesOf } from '../modules/table.ts'
import { newestProfile } from '../profiles/profiles.ts'
import { workflowFromBlueprint } from './blueprint.ts'
import { maxNodes, hasManyNodes } from './count-nodes.ts'
import { looksLikeGraph } from './document.ts'
import { connectionsOf, nodeAt, nodesOf } from './nodes.ts'
import { normaliseValue } from '../php/decode.ts'
import { howToPick, pickOne, severalError } from '../format/pick.ts'
import { entries, isMap } from '../php/values.ts'
import { findCycle, hasOneTrigger } from './validate.ts'
import { extractTriggerId } from './walk-helpers.ts'

interface Source {
  readonly name: string
}

function refuse(source: Source, code: ErrorCode, place: string, problem: string): never {
  const where = place === '' ? '' : ` at ${place}`
  throw new CodedError(code, `${source.name}${where}: ${problem}`, { file: source.name, ...(place && { place }) })
}

const typeName = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`

const wrongType = (source: Source, place: string, expected: string, value: unknown): never =>
  refuse(source, 'INPUT_WRONG_TYPE', place, `expected ${expected}, got ${typeName(value)}`)

const at = (place: string, key: string): string =>
  /^\d+$/.test(key) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`

/** Missing, null, or a list or map. */
function collection(source: Source, place: string, value: Json | undefined): readonly (readonly [string, Json])[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return wrongType(source, place, 'a list or an object', value)
  return entries(value)
}

/** MISP casts node ids to integers, so a text that is none cannot be one. */
function isNodeId(value: Json | undefined): value is string | number {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && /^\d{1,15}$/.test(value)
}

function checkSockets(source: Source, place: string, value: Json | undefined): void {
  for (const [name, socket] of collection(source, place, value)) {
    const socketPlace = at(place, name)
    for (const [list, connections] of collection(source, socketPlace, socket)) {
      const listPlace = at(socketPlace, list)
      if (connections === null) wrongType(source, listPlace, 'a list of connections', connections)
      for (const [index, connection] of collection(source, listPlace, connections)) {
        const connectionPlace = at(listPlace, index)
        if (!isMap(connection)) wrongType(source, connectionPlace, 'an object', connection)
        const target = (connection as JsonMap).node
        if (!isNodeId(target)) wrongType(source, at(connectionPlace, 'node'), 'the id of a node', target)
      }
    }
  }
}

function checkNode(source: Source, place: string, node: Json): asserts node is Json & JsonMap {
  if (!isMap(node)) return wrongType(source, place, 'a node', node)
  if (!isNodeId(node.id)) wrongType(source, at(place, 'id'), 'an integer', node.id)
  if (!isMap(node.data)) return wrongType(source, at(place, 'data'), 'an object', node.data)
  const data = at(place, 'data')
  for (const name of ['id', 'module_type'])
    if (typeof node.data[name] !== 'string') wrongType(source, at(data, name), 'a text', node.data[name])
  for (const name of ['indexed_params', 'saved_filters']) collection(source, at(data, name), node.data[name])
  if (node.name !== undefined && node.name !== null && typeof node.name === 'object')
    wrongType(source, at(place, 'name'), 'a text', node.name)
  checkSockets(source, at(place, 'inputs'), node.inputs)
  checkSockets(source, at(place, 'outputs'), node.outputs)
}

const refuseSize = (source: Source, place: string): never =>
  refuse(source, 'WORKFLOW_TOO_LARGE', place, `more than ${maxNodes} nodes, which is the limit`)

function checkGraph(source: Source, place: string, graph: Json | undefined): RawGraph {
  if (graph === undefined || graph === null || typeof graph !== 'object')
    return wrongType(source, place, 'the nodes of a workflow', graph)
  const nodes = entries(graph).filter(([key]) => key !== '_frames')
  if (nodes.length > maxNodes) refuseSize(source, place)
  for (const [key, node] of nodes) checkNode(source, at(place, key), node)
  return graph as RawGraph
}

/** The database keeps `data` as a text; exports have it decoded. */
function decoded(source: Source, place: string, data: Json | undefined): Json | undefined {
  if (typeof data !== 'string') return data
  if (hasManyNodes(data, 'graph')) refuseSize(source, place)
  let value: Json
  try {
    value = JSON.parse(data) as Json
  } catch {
    return refuse(source, 'INPUT_NOT_JSON', place, 'the text is not valid JSON')
  }
  normaliseValue(value, source)
  return value
}

function parseObject(source: Source, workflow: Json | undefined, place: string): RawWorkflow {
  if (!isMap(workflow)) return wrongType(source, place, 'a workflow', workflow)
  const dataPlace = at(place, 'data')
  if (!Object.hasOwn(workflow, 'data')) refuse(source, 'WORKFLOW_INVALID', dataPlace, 'a workflow has its nodes here')
  const graph = checkGraph(source, dataPlace, decoded(source, dataPlace, workflow.data))
  for (const name of ['id', 'name', 'trigger_id', 'uuid', 'counter'])
    if (typeof workflow[name] === 'object' && workflow[name] !== null)
      wrongType(source, at(place, name), 'a text or a number', workflow[name])
  return { ...workflow, data: graph as Json & RawGraph }
}

/** What a bare graph needs to be a workflow. Debug mode is on: without it MISP would post nothing. */
function fromGraph(source: Source, graph: RawGraph): RawWorkflow {
  const trigger = extractTriggerId(graph)
  return {
    id: '0',
    name: source.name,
    description: '',
    ...(trigger === null ? {} : { trigger_id: trigger }),
    counter: '0',
    debug_enabled: true,
    data: graph as Json & RawGraph
  }
}

/**
 * A workflow from MISP's JSON: `{"Workflow": {…}}`, that object, the bare map or list of nodes, or a blueprint; also from a workspace's file. Several
 * in a list: the only one that is there, or the one that was picked. Cycles, missing triggers and dangling connections are
 * accepted here, as a part of what `checkWorkflow` reports; `assertRunnable` refuses what MISP could not have saved.
 * @param name the input's name in messages (a file name, `standard input`)
 * @param pick which one of several: its place (from 0), UUID, id or name
 * @throws CodedError WORKFLOW_INVALID, INPUT_SEVERAL, INPUT_NOT_OBJECT, INPUT_WRONG_TYPE, INPUT_NOT_JSON, INPUT_TOO_DEEP, WORKFLOW_TOO_LARGE
 */
export function parseWorkflow(json: unknown, name: string, pick?: string): RawWorkflow {
  const source = { name }
  if (typeof json !== 'object' || json === null)
    return refuse(source, 'INPUT_NOT_OBJECT', '', `expected a workflow, got ${typeName(json)}`)
  const value = json as JsonMap | readonly Json[]
  if (isMap(value) && value.format === 'retrace.workflow' && isMap(value.workflow))
    return parseWorkflow(value.workflow, name, pick)
  const workflow = parseValue(source, value, pick)
  // One that stands alone must be the one that was picked, too.
  if (pick !== undefined && workflowsIn(value) === null) pickOne([value], pick, name)
  return workflow
}

function parseValue(source: Source, value: JsonMap | readonly Json[], pick: string | undefined): RawWorkflow {
  const { name } = source
  if (isMap(value)) {
    if (isMap(value.Workflow)) return parseObject(source, value.Workflow, 'Workflow')
    if (isMap(value.WorkflowBlueprint)) return parseBlueprint(source, value.WorkflowBlueprint, 'WorkflowBlueprint')
    if (Object.hasOwn(value, 'Workflow')) return wrongType(source, 'Workflow', 'an object', value.Workflow)
    if (Object.hasOwn(value, 'data') && !looksLikeGraph(value)) return parseObject(source, value, '')
  }
  const several = workflowsIn(value)
  if (several !== null) {
    if (several.length === 1 && pick === undefined) return parseWorkflow(several[0], name)
    if (pick === undefined) throw severalError(several, name, howToPick, 'workflow')
    return parseWorkflow(pickOne(several, pick, name), name)
  }
  if (!looksLikeGraph(value)) return refuse(source, 'WORKFLOW_INVALID', '', notAWorkflow(value))
  return fromGraph(source, checkGraph(source, '', value as Json))
}

/** Says what it is instead, where that is seen at once. */
function notAWorkflow(value: JsonMap | readonly Json[]): string {
  const kind = kinds.find(([key]) => Object.hasOwn(value, key))?.[1]
  const expected = 'expected MISP’s export of a workflow, a blueprint, or a workflow’s file of a workspace'
  return `this is not a MISP workflow: it contains no nodes${kind ? `; it looks like ${kind}` : ''}; ${expected}`
}

const kinds = [
  ['Event', 'an event, which --data takes'],
  ['errors', 'an error that MISP answered'],
  ['response', 'an answer of MISP without workflows'],
  ['format', 'another file of Retrace']
] as const

/**
 * What a list of MISP's holds: /workflows/index and /workflowBlueprints/index answer one. Null for what is no such list.
 * @param how `some`: beside something else, too
 */
export function workflowsIn(value: Json, how: 'every' | 'some' = 'every'): readonly Json[] | null {
  const list = isMap(value) && Array.isArray(value.response) ? value.response : value
  if (!Array.isArray(list) || list.length === 0) return null
  const isOne = (row: Json): boolean =>
    isMap(row) && (isMap(row.Workflow) || isMap(row.WorkflowBlueprint) || isBare(row))
  return (list as readonly Json[])[how](isOne) ? (list as readonly Json[]) : null
}

/** A row without its model's name around it. */
const isBare = (row: JsonMap): boolean => 'trigger_id' in row && 'data' in row

function parseBlueprint(source: Source, blueprint: JsonMap, place: string): RawWorkflow {
  const data = decoded(source, at(place, 'data'), blueprint.data)
  const graph = checkGraph(source, at(place, 'data'), data)
  // Every version that has a trigger has the same one, and the newest has them all.
  return workflowFromBlueprint({ ...blueprint, data: graph as Json }, modulesOf(newestProfile))
}

/**
 * Refuses what MISP could not have saved and so never runs, and connections that lead nowhere: MISP saves those, and dies on them when the
 * walk gets there.
 * @throws CodedError WORKFLOW_NO_TRIGGER, WORKFLOW_CYCLE, WORKFLOW_DANGLING_CONNECTION
 */
export function assertRunnable(workflow: RawWorkflow, name: string): void {
  const source = { name }
  const cycle = findCycle(workflow.data)
  if (cycle.length > 0) {
    const edges = [...cycle]
      .reverse()
      .slice(0, 10)
      .map(([from, to]) => `${from} -> ${to}`)
    refuse(source, 'WORKFLOW_CYCLE', 'data', `a cycle over the connections ${edges.join(', ')}`)
  }
  if (extractTriggerId(workflow.data) === null) refuse(source, 'WORKFLOW_NO_TRIGGER', 'data', 'no node is a trigger')
  if (!hasOneTrigger(workflow.data)) refuse(source, 'WORKFLOW_INVALID', 'data', 'more than one node is a trigger')
  for (const { key, node } of nodesOf(workflow.data))
    for (const { output, connection, target } of connectionsOf(node))
      if (nodeAt(workflow.data, target) === undefined)
        refuse(
          source,
          'WORKFLOW_DANGLING_CONNECTION',
          `data[${key}].outputs.${output}.connections[${connection}]`,
          `there is no node ${target}`
        )
}
