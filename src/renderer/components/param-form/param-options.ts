// What a parameter's definition says about its field.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition, ParamDefinition } from '../../../contract/modules.ts'
import { isMap } from '../../../engine/php/values.ts'
import { modulesNow } from '../../stores/added-modules.ts'

export interface Option {
  readonly value: string
  readonly label: string
}

const scalar = (value: Json | undefined): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value)

export const textOf = (value: Json | undefined): string =>
  value !== undefined && value !== null && typeof value === 'object' ? JSON.stringify(value) : scalar(value)

/** MISP writes options as a list of texts, a list of `{name, value}` or a map from value to label. */
export function optionsOf(param: ParamDefinition): readonly Option[] {
  const { options } = param
  if (Array.isArray(options)) {
    return (options as readonly Json[]).map((option) =>
      isMap(option)
        ? { value: scalar(option['value']), label: scalar(option['name']).trim() }
        : { value: scalar(option), label: scalar(option) }
    )
  }
  return isMap(options) ? Object.entries(options).map(([value, label]) => ({ value, label: scalar(label) })) : []
}

export const labelOf = (param: ParamDefinition): string =>
  typeof param['label'] === 'string' && param['label'] !== '' ? param['label'] : param.id.replaceAll('_', ' ')

export const isMultiple = (param: ParamDefinition): boolean =>
  param['multiple'] === true || param['multiple'] === 'true' || param['picker_create_new'] === true

export const isTemplate = (param: ParamDefinition): boolean => param['jinja_supported'] === true

export const isHashPath = (param: ParamDefinition): boolean =>
  param.type === 'hashpath' || param['_isHashPath'] === true

const isSubSelector = (param: ParamDefinition): boolean => {
  const settings = param['hashpath']
  return isMap(settings) && settings['is_sub_selector'] === true
}

/** As MISP reads it: saved, else the default, else the empty text. */
export const effective = (param: ParamDefinition, params: JsonMap): Json =>
  (Object.hasOwn(params, param.id) ? params[param.id] : undefined) ?? param['default'] ?? ''

/** `display_on`: shown while every named parameter has one of the named values. MISP keeps the hidden value. */
export function isShown(param: ParamDefinition, definition: ModuleDefinition, params: JsonMap): boolean {
  const conditions = param['display_on']
  if (!isMap(conditions)) return true
  return Object.entries(conditions).every(([id, wanted]) => {
    const other = definition.params.find((one) => one.id === id)
    const value = other ? effective(other, params) : params[id]
    const list = Array.isArray(wanted) ? (wanted as readonly Json[]) : [wanted]
    return list.some((one) => textOf(one) === textOf(value))
  })
}

export const listOf = (value: Json): readonly string[] =>
  Array.isArray(value)
    ? (value as readonly Json[]).map(textOf)
    : isMap(value)
      ? Object.values(value).map(textOf)
      : value === '' || value === null
        ? []
        : [textOf(value)]

/** Checkboxes: MISP stores the text of a boolean or a number. */
export const isOn = (value: Json): boolean => !['', '0', 'false', 'null'].includes(textOf(value))

/** Modules that post the whole event when their text is empty, as it is after a template error. */
export const chatModules: readonly string[] = ['mattermost', 'slack', 'nextcloud']

export const filterFields = ['selector', 'path', 'operator', 'value'] as const

export const filterOperators: readonly Option[] = [
  { value: '', label: 'Choose…' },
  { value: 'in', label: 'In' },
  { value: 'not_in', label: 'Not in' },
  { value: 'equals', label: 'Equals' },
  { value: 'not_equals', label: 'Not equals' },
  { value: 'any_value', label: 'Any value' }
]

/** Conditions have one more. */
export const anyFrom: Option = { value: 'in_or', label: 'Any value from' }

/** As MISP's editor calls it: “In”. */
export const operatorLabel = (operator: string): string =>
  [...filterOperators, anyFrom].find(({ value }) => value === operator)?.label ?? operator

const flattened = 'Event._AttributeFlattened.{n}'

/** A path in a selected item is read in the items of the module's selector. */
export function baseOf(
  param: ParamDefinition,
  definition: ModuleDefinition,
  params: JsonMap
): { readonly base?: string } {
  const base =
    definition.module_type === 'action' ? modulesNow().facts('action', definition.id)?.readsPathsIn : undefined
  if (base !== undefined && isHashPath(param)) return { base }
  const selector = definition.params.find((one) => one.id === 'selector')
  // Module_add_eventblocklist_entry says so of its paths, but has no selector and reads in the whole data.
  if (!isSubSelector(param) || !selector) return {}
  const text = textOf(effective(selector, params))
  return { base: text === '' ? flattened : text }
}
