// A node's parameters as MISP reads them.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { ExplainInput, ModuleDefinition, ParamDefinition } from '../../../contract/modules.ts'

/** A parameter's value as MISP reads it: saved, else the default, else the empty text (getParamsWithValues). */
export function valueOf(input: ExplainInput, definition: ModuleDefinition, id: string): Json {
  const saved = Object.hasOwn(input.params, id) ? input.params[id] : undefined
  return saved ?? definition.params.find((param) => param.id === id)?.default ?? ''
}

/** All parameters as MISP reads them: what is not saved has its default (getParamsWithValues). */
export const withDefaults = (params: JsonMap, definition: ModuleDefinition | undefined): JsonMap => ({
  ...params,
  ...Object.fromEntries((definition?.params ?? []).map(({ id }) => [id, valueOf({ params }, definition!, id)]))
})

export const listOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : []

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
      (option) =>
        typeof option === 'object' && option !== null && plainText((option as JsonMap).value) === plainText(value)
    ) as JsonMap | undefined
    return named ? plainText(named.name).trim() : plainText(value)
  }
  const map = (options ?? {}) as JsonMap
  const key = plainText(value)
  return Object.hasOwn(map, key) ? plainText(map[key]) : key
}

/** True for a value that a select does not offer. */
export function isUnknownOption(definition: ModuleDefinition, id: string, value: Json): boolean {
  const options = paramOf(definition, id)?.options
  if (typeof options !== 'object' || options === null) return false
  if (!Array.isArray(options)) return typeof value === 'object' || !Object.hasOwn(options, plainText(value))
  const offered = (options as readonly Json[]).map((option) =>
    typeof option === 'object' && option !== null ? plainText((option as JsonMap).value) : plainText(option)
  )
  return !offered.includes(plainText(value))
}
