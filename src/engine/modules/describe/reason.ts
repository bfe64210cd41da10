// Why a logic module took a branch, made by the module itself from what it read: where it looked, what it found, how it compared it.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { previewOf } from '../../format/preview.ts'
import { phpString } from '../../php/cast.ts'
import type { Profile } from '../../profiles/profile.ts'
import { isArray, isEmpty, values } from '../../php/values.ts'

interface Reason {
  readonly path: Json
  readonly operator: Json
  readonly value: Json
  readonly found: Json
  /** After `True: ` or `False: `; a sentence of its own when `isSentence`. */
  readonly text: string
  readonly isSentence?: boolean
  /** What MISP would only have warned about. */
  readonly warnings?: readonly string[]
}

/** @param data what the module read (through the enabled filters). Throws PhpThrow where MISP throws. */
export type Explanation = (params: JsonMap, data: Json, profile: Profile) => Reason

/** A parameter as text; what is no text is the empty one. */
export const textOf = (value: Json): string => (isArray(value) ? '' : phpString(value))

export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined || isEmpty(value) ? [] : isArray(value) ? values(value) : [value]

/** "`a`, `b` and 3 more", each once. */
export const quoted = (found: readonly Json[]): string => {
  const names = [...new Set(found.map((one) => previewOf(one)))]
  const more = names.length > 5 ? ` and ${names.length - 5} more` : ''
  return `${names
    .slice(0, 5)
    .map((name) => `\`${name}\``)
    .join(', ')}${more}`
}

const operators: { readonly [operator: string]: string } = {
  in: 'in',
  not_in: 'not in',
  equals: 'is',
  not_equals: 'is not',
  any_value: 'any value',
  in_or: 'any of',
  in_and: 'all of',
  not_in_or: 'none of',
  not_in_and: 'not all of',
  greater: 'greater than',
  greater_equals: 'greater than or equal to',
  less: 'less than',
  less_equals: 'less than or equal to',
  greater_or_equal_than: 'greater or equal',
  less_or_equal_than: 'less or equal',
  more_restrictive_or_equal_than: 'more restrictive or equal',
  more_permisive_or_equal_than: 'more permissive or equal'
}

/** A condition's operator in words: "any of"; what is none is quoted as it is. */
export function operatorWords(operator: Json): string {
  const name = textOf(operator)
  return Object.hasOwn(operators, name) ? (operators[name] as string) : `\`${name}\``
}
