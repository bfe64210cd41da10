// A new node, in the shape that MISP's editor saves.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { Position } from './edit.ts'

const templateOf = ({ extra }: ModuleDefinition): string =>
  typeof extra?.html_template === 'string' ? extra.html_template : 'default'

/** The classes by which MISP's style sheet draws a node. */
const classOf = (definition: ModuleDefinition): string =>
  [
    `block-type-${templateOf(definition)}`,
    ...(definition.module_type === 'logic' ? ['block-type-logic'] : []),
    ...(definition.expect_misp_core_format ? ['expect-misp-core-format'] : [])
  ].join(' ')

/** What a parameter holds before somebody touches it. */
const defaultParam = (param: JsonMap): Json => param.default ?? ''

/** `indexed_params` of a fresh node; PHP's `[]` for modules without parameters. */
const defaultParams = (definition: ModuleDefinition): Json =>
  definition.params.length === 0
    ? []
    : Object.fromEntries(definition.params.map((param) => [param.id, defaultParam(param)]))

const emptyFilters = { selector: '', value: '', operator: '', path: '' }

const sockets = (kind: 'input' | 'output', count: number): Json =>
  count === 0
    ? []
    : Object.fromEntries(Array.from({ length: count }, (_, i) => [`${kind}_${i + 1}`, { connections: [] }]))

/** Of a trigger MISP keeps the whole configuration in its node, of other modules only what names them. */
function dataOf(definition: ModuleDefinition, uid: string): JsonMap {
  const saved = { previous_module_version: '?', module_version: definition.version }
  if (definition.module_type === 'trigger') {
    const { saved_filters: _filters, extra, ...rest } = definition
    return {
      ...(rest as unknown as JsonMap),
      saved_filters: emptyFilters,
      ...extra,
      disabled: false,
      indexed_params: defaultParams(definition),
      node_uid: uid,
      ...saved
    }
  }
  return {
    indexed_params: defaultParams(definition),
    saved_filters: emptyFilters,
    node_uid: uid,
    module_type: definition.module_type,
    id: definition.id,
    name: definition.name,
    multiple_output_connection: definition.multiple_output_connection,
    ...saved
  }
}

/** @param uid what MISP's editor makes up for its own use: letters and digits */
export const buildNode = (
  definition: ModuleDefinition,
  { id, position, uid }: { readonly id: number; readonly position: Position; readonly uid: string }
): JsonMap => ({
  id,
  name: definition.name,
  data: dataOf(definition, uid),
  class: classOf(definition),
  typenode: false,
  inputs: sockets('input', definition.inputs),
  outputs: sockets('output', definition.outputs),
  pos_x: position.x,
  pos_y: position.y
})

/** A workflow as MISP creates it when somebody opens a trigger that has none. */
export const buildWorkflow = (
  trigger: ModuleDefinition,
  {
    uid,
    uuid,
    now,
    name
  }: { readonly uid: string; readonly uuid: string; readonly now: number; readonly name?: string }
): JsonMap => ({
  Workflow: {
    uuid,
    name: name ?? `Workflow for trigger ${trigger.id}`,
    description: '',
    timestamp: String(now),
    enabled: false,
    counter: '0',
    trigger_id: trigger.id,
    debug_enabled: true,
    data: { '1': buildNode(trigger, { id: 1, position: { x: 0, y: 0 }, uid }) }
  }
})
