// A node's parameters as MISP's base class reads them (WorkflowBaseModule), and how PHP reads what a module is given: offsets
// of values that may not be there, loops over what may be no array.
import type { Json } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { RawNode } from '../../../contract/workflow.ts'
import { badArgument } from '../../php/bad-argument.ts'
import { phpInt, strlen } from '../../php/cast.ts'
import { at, entries, isArray, isEmpty, isIntegerKey } from '../../php/values.ts'
import type { Gen } from '../../effects/signals.ts'

/** Renders a parameter; the third argument is the parameter's id. */
export type Render = (template: Json, data: Json, param: string) => Gen<string>

/**
 * `$value[$key]`: null where nothing is (PHP only warns); a text with a key that is no number is a TypeError.
 */
export function offset(value: Json | undefined, key: string): Json {
  if (isArray(value)) return at(value, key) ?? null
  if (typeof value !== 'string') return null
  if (isIntegerKey(key)) return value.at(Number(key)) ?? ''
  badArgument('Cannot access offset of type string on string')
  // PHP 7 takes the key for a number.
  return value.at(phpInt(key)) ?? ''
}

/** `$value[$key] ?? null`: never complains. */
export const offsetOrNull = (value: Json | undefined, key: string): Json =>
  isArray(value) ? (at(value, key) ?? null) : null

/** `foreach ($value as …)`: what is no array is skipped (PHP only warns). */
export const each = (value: Json | undefined): [string, Json][] => (isArray(value) ? entries(value) : [])

/** A node as plain data, for functions that read it as PHP does. */
export const nodeData = (node: RawNode): Json => node as unknown as Json

/**
 * WorkflowBaseModule::getParamsWithValues: every parameter of the module by id, with its default where the node has none, and
 * rendered where the module says so (`render` null: the version renders none). Throws a TypeError for a list where a template is expected (strlen).
 */
export function* paramsWithValues(
  definition: ModuleDefinition,
  node: RawNode,
  data: Json,
  render: Render | null
): Gen<Record<string, Json>> {
  const saved = offsetOrNull(node.data, 'indexed_params')
  const found: [string, Json][] = []
  for (const param of definition.params) {
    const own = offsetOrNull(saved, param.id)
    let value = own ?? param['default'] ?? ''
    // MISP looks at what the node has saved: a default is never rendered.
    if (render !== null && !isEmpty(param['jinja_supported']) && strlen(own) > 0)
      value = yield* render(own, data, param.id)
    found.push([param.id, value])
  }
  return Object.fromEntries(found)
}
