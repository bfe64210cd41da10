// Why a logic module took a branch, made by the module itself from what it read: where it looked, what it found, how it compared it.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { claiming, coded, say, shownValue, some, whole } from '../../../contract/sentence.ts'
import type { Fact, Sentence } from '../../../contract/sentence.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { phpString } from '../../php/cast.ts'
import type { Profile } from '../../profiles/profile.ts'
import { isArray, isEmpty, values } from '../../php/values.ts'

interface Reason {
  readonly path: Json
  readonly operator: Json
  readonly value: Json
  readonly found: Json
  /** After `True: ` or `False: `, without the full stop. */
  readonly because: Sentence
  /** What MISP would only have warned about. */
  readonly warnings?: readonly string[]
}

/** @param data what the module read (through the enabled filters). Throws PhpThrow where MISP throws. */
export type Reasoning = (params: JsonMap, data: Json, profile: Profile) => Reason

/** A parameter as text; what is no text is the empty one. */
export const textOf = (value: Json): string => (isArray(value) ? '' : phpString(value))

export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined || isEmpty(value) ? [] : isArray(value) ? values(value) : [value]

/** Of what was chosen this many are named. */
const named = 5

const factOf =
  (name: string, isItem?: true) =>
  (value: string): Fact => ({ kind: 'setting', name, value, ...(isItem ? { isItem } : {}) })

/** A parameter's value as code. */
export const setting = (name: string, value: Json): Sentence => coded(value, factOf(name))

/** What a parameter's value is called. */
export const settingAs = (name: string, value: Json, words: string): Sentence =>
  claiming(`\`${words}\``, factOf(name)(shownValue(value)))

/** "`a`, `b` and 3 more" of the items of a parameter. */
export const settings = (name: string, items: readonly Json[]): Sentence =>
  some(
    items.slice(0, named).map((item) => coded(item, factOf(name, true))),
    items.length,
    { in: 'settings', names: [name] }
  )

/** What was found at a plain path of the data; `words`: what it is called. */
export const foundAt = (path: string, value: Json, words?: string): Sentence => {
  const fact = (shown: string): Fact => ({ kind: 'value', in: 'view', path: keysOf(path), value: shown })
  if (value === null) return claiming('missing', fact(''))
  return words === undefined ? coded(value, fact, whole) : claiming(`\`${words}\``, fact(shownValue(value, whole)))
}
const keysOf = (path: string): ValuePath => path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))

const operators = {
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
} as const

/** A condition's operator in words, in brackets: " (any of)"; what is none is quoted as it is. `name`: its parameter. */
export function operatorWords(name: string, operator: Json): Sentence {
  const text = textOf(operator)
  const known = Object.hasOwn(operators, text) ? operators[text as keyof typeof operators] : undefined
  return say` (${known === undefined ? setting(name, operator) : claiming(known, factOf(name)(shownValue(operator)))})`
}
