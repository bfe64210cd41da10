// Action modules of a misp-modules service: their definition is data from GET /modules (Module_misp_module).
import { plainNumber, type Json, type JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition, ParamDefinition } from '../../../contract/modules.ts'
import { defineAction } from '../define.ts'
import { isMap } from '../../php/values.ts'
import { humanize, slug, underscore } from '../../php/inflector.ts'

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})
const own = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined)
const text = (value: Json | undefined): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value)
/** PHP's !empty() of what a descriptor can hold. */
const filled = (value: Json | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  value !== '0' &&
  value !== 0 &&
  !(typeof value === 'object' && Object.keys(value).length === 0)

/** Module_misp_module::translateParams. */
function translateParam(name: string, json: Json): ParamDefinition {
  const param = mapOf(json)
  const type = own(param, 'type')
  return {
    id: slug(underscore(name)),
    label: humanize(name),
    placeholder: own(param, 'value') ?? '',
    type: type === 'large_string' ? 'textarea' : 'input',
    ...(type === 'hash_path' ? { _isHashPath: true } : {}),
    ...((own(param, 'jinja_supported') ?? null) !== null
      ? { jinja_supported: filled(own(param, 'jinja_supported')) }
      : {})
  }
}

/** True for a module of GET /modules that MISP offers in workflows (Workflow::__getModulesFromModuleService). */
export function isActionModule(json: Json): boolean {
  const types = own(mapOf(own(mapOf(json), 'meta')), 'module-type')
  return Array.isArray(types) && types.includes('action')
}

/**
 * The definition of an action module of a misp-modules service.
 * @param json one entry of GET /modules
 */
export function definitionFromService(json: JsonMap): ModuleDefinition {
  const meta = mapOf(own(json, 'meta'))
  const config = mapOf(own(meta, 'config'))
  const name = text(own(json, 'name'))
  const filledOr = (key: string, otherwise: string): string =>
    filled(own(meta, key)) ? text(own(meta, key)) : otherwise
  // Module_misp_module::__construct writes the number of outputs into `inputs`; `outputs` stays 1.
  const sockets = filled(own(meta, 'outputs')) ? own(meta, 'outputs') : own(meta, 'inputs')
  return defineAction({
    id: underscore(name),
    name,
    description: text(own(meta, 'description')),
    icon: filledOr('icon', 'python'),
    icon_class: filledOr('icon_class', 'fab'),
    inputs: filled(sockets) ? Math.trunc(plainNumber(sockets)) || 0 : 1,
    outputs: 1,
    is_misp_module: true,
    blocking: filled(own(config, 'blocking')),
    expect_misp_core_format: filled(own(config, 'expect_misp_core_format')),
    support_filters: filled(own(config, 'support_filters')),
    params: paramsOf(own(config, 'params'))
  })
}

/**
 * A row of MISP's list of modules (/workflows/moduleIndex) as the service would list it, so that `definitionFromService` makes the same
 * definition of it again. Null for modules that are not the service's.
 */
export function entryFromDefinition(row: JsonMap): JsonMap | null {
  if (own(row, 'is_misp_module') !== true || text(own(row, 'name')) === '') return null
  const { name, description, icon, icon_class, inputs, blocking, expect_misp_core_format, support_filters } = row
  const params = Array.isArray(row.params) ? (row.params as readonly Json[]).map(mapOf) : []
  const flags = { blocking, expect_misp_core_format, support_filters } as JsonMap
  const config = { ...flags, params: Object.fromEntries(params.map(entryOfParam)) }
  return {
    name: name as Json,
    type: ['action'],
    meta: { ...({ description, icon, icon_class, inputs } as JsonMap), 'module-type': ['action'], config }
  }
}

/** MISP made id and label of one name: the label mostly leads to the id again. */
function entryOfParam(param: JsonMap): [string, Json] {
  const [id, label] = [text(own(param, 'id')), text(own(param, 'label'))]
  const jinja = own(param, 'jinja_supported')
  return [
    slug(underscore(label)) === id ? label : id,
    {
      type: own(param, '_isHashPath') === true ? 'hash_path' : param.type === 'textarea' ? 'large_string' : 'string',
      value: own(param, 'placeholder') ?? '',
      ...(jinja === undefined ? {} : { jinja_supported: jinja })
    }
  ]
}

function paramsOf(params: Json | undefined): ParamDefinition[] {
  if (typeof params !== 'object' || params === null) return []
  return Object.entries(params).map(([name, param]) => translateParam(name, param as Json))
}
