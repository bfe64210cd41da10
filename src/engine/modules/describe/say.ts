// Words that the sentences of modules share.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import type { ExplainInput, ModuleDefinition, ParamDefinition } from '../../../contract/modules.ts'

/** A parameter's value as MISP reads it: saved, else the default, else the empty text (getParamsWithValues). */
export function valueOf(input: ExplainInput, definition: ModuleDefinition, id: string): Json {
  const saved = Object.hasOwn(input.params, id) ? input.params[id] : undefined
  return saved ?? definition.params.find((param) => param.id === id)?.default ?? ''
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text).replace(/\s+/g, ' ')

/** A value in backticks, cut to a readable length; secrets in URLs are hidden before that. */
export const quote = (value: Json): string =>
  value === '' ? 'an empty text' : `\`${short(maskUrls(typeof value === 'string' ? value : JSON.stringify(value)))}\``

export const listOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : []

/** "`a`, `b` or `c`"; long lists are cut. */
export function quoteAll(values: readonly Json[], word: 'or' | 'and'): string {
  const shown = values.length > 6 ? values.slice(0, 5) : values
  const texts = shown.map(quote)
  if (shown.length < values.length) return `${texts.join(', ')} ${word} ${values.length - shown.length} more`
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} ${word} ${texts[texts.length - 1]}`
}

export const isBlank = (value: Json): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  value === '0' ||
  value === 0 ||
  (typeof value === 'object' && Object.keys(value).length === 0)

export const hasTemplate = (value: Json): boolean => typeof value === 'string' && /\{\{|\{%|\{#/.test(value)

const paramOf = (definition: ModuleDefinition, id: string): ParamDefinition | undefined =>
  definition.params.find((param) => param.id === id)

/** What MISP's editor shows for a value of a select; the value itself when it is none of the options. */
export function optionLabel(definition: ModuleDefinition, id: string, value: Json): string {
  const options = paramOf(definition, id)?.options
  if (Array.isArray(options)) {
    const named = (options as readonly Json[]).find(
      (option) => typeof option === 'object' && option !== null && String((option as JsonMap).value) === String(value)
    ) as JsonMap | undefined
    return named ? String(named.name).trim() : String(value)
  }
  const map = (options ?? {}) as JsonMap
  const key = String(value)
  return Object.hasOwn(map, key) ? String(map[key]) : key
}

/** True for a value that a select does not offer. */
export function isUnknownOption(definition: ModuleDefinition, id: string, value: Json): boolean {
  const options = paramOf(definition, id)?.options
  if (typeof options !== 'object' || options === null) return false
  if (!Array.isArray(options)) return typeof value === 'object' || !Object.hasOwn(options, String(value))
  const offered = (options as readonly Json[]).map((option) =>
    typeof option === 'object' && option !== null ? String((option as JsonMap).value) : String(option)
  )
  return !offered.includes(String(value))
}

/** Sentences joined into one text; empty parts left out. */
export const sentences = (...parts: readonly (string | null | false)[]): string =>
  parts.filter((part): part is string => typeof part === 'string' && part !== '').join(' ')

const filterValue = (filters: JsonMap | undefined, name: string): Json =>
  filters && Object.hasOwn(filters, name) ? (filters[name] ?? '') : ''

/** A node filter counts as soon as one of its four fields is set (WorkflowBaseModule::filtersEnabled). */
export const filterIsOn = (input: ExplainInput): boolean =>
  ['selector', 'value', 'operator', 'path'].some((name) => filterValue(input.filters, name) !== '')

/** " among `selector` where …", or nothing when the node has no filter. */
export function filterPhrase(input: ExplainInput): string {
  if (!filterIsOn(input)) return ''
  const [selector, value, operator, path] = ['selector', 'value', 'operator', 'path'].map((n) =>
    filterValue(input.filters, n)
  ) as [Json, Json, Json, Json]
  const where = path === '' ? 'the item itself' : quote(path)
  const from = selector === '' ? 'of the whole data' : `of ${quote(selector)}`
  if (operator === '') return ` ${from} that pass a filter without an operator, which nothing passes`
  if (operator === 'any_value') return ` ${from} where ${where} has any value`
  return ` ${from} where ${where} ${filterVerb(String(operator))} ${quote(value)}`
}

function filterVerb(operator: string): string {
  const verbs: { readonly [operator: string]: string } = {
    in: 'contains',
    not_in: 'does not contain',
    equals: 'equals',
    not_equals: 'does not equal',
    in_or: 'contains one of',
    in_and: 'contains all of',
    not_in_or: 'contains none of',
    not_in_and: 'does not contain all of'
  }
  return (
    (Object.hasOwn(verbs, operator) ? verbs[operator] : undefined) ??
    `is compared by the unknown operator ${quote(operator)} with`
  )
}

/** "the attributes" of a module that works on Event._AttributeFlattened or on what its filter leaves. */
export const attributes = (input: ExplainInput): string =>
  filterIsOn(input)
    ? `the items${filterPhrase(input)}${input.seen === undefined ? '' : `, out of ${input.seen},`}`
    : (input.seen ?? 'all attributes (including those of objects)')
