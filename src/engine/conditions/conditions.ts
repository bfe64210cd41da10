// The conditions and filters of WorkflowBaseModule, quirks included. Nothing is copied when nothing is dropped.
import type { Json } from '../../contract/json.ts'
import { extract } from '../hash/hash.ts'
import { compileSome } from '../hash/some.ts'
import { createScope } from '../hash/report.ts'
import type { HashScope } from '../hash/report.ts'
import { inArray, looseEquals, sort } from '../php/compare.ts'
import { parseNumeric } from '../php/numbers.ts'
import { CannotTell } from '../effects/cannot-tell.ts'
import { badArgument } from '../php/bad-argument.ts'
import { phpError, PhpThrow } from '../php/exceptions.ts'
import { at, filterValues, isArray, isEmpty, phpType, values as valuesOf } from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import type { Profile } from '../profiles/profile.ts'

/** What versions of MISP do differently here. */
export type ConditionRules = Pick<Profile, 'id' | 'keptItemsRenumbered' | 'inAndSorts' | 'unreadOperators'>

/**
 * WorkflowBaseModule::extractData: what a path finds, the data itself for an empty path, false when Hash throws an Exception. Data
 * that is no array is a TypeError.
 */
export const extractData = (data: Json, path: Json, scope?: HashScope): Json => {
  if (isEmpty(path)) return data
  try {
    return extract(data, path, scope)
  } catch (error) {
    if (error instanceof PhpThrow && !error.isError) return false
    throw error
  }
}

// In the order in which MISP's evaluateCondition asks; it compares loosely, so `true` is the first one.
const operators = ['in', 'not_in', 'equals', 'not_equals', 'in_or', 'in_and', 'not_in_or', 'not_in_and'] as const
export type Operator = (typeof operators)[number]

/** The operator that MISP takes a value for, or null for one that evaluateCondition does not know (any_value too). */
export const resolveOperator = (operator: Json): Operator | null =>
  operators.find((name) => name === operator) ?? operators.find((name) => looseEquals(operator, name)) ?? null

/** WorkflowBaseModule::evaluateCondition. An unknown operator (any_value too) is false. */
export const evaluateCondition = (data: Json, operator: Json, value: Json, rules: ConditionRules): boolean => {
  const known = resolveOperator(operator)
  if (known === null) refuseUnread(operator, rules)
  return evaluate(data, known, value, rules)
}

/** @throws CannotTell for an operator whose evaluation in this version of MISP could not be read */
function refuseUnread(operator: Json, { id, unreadOperators }: ConditionRules): void {
  if (typeof operator !== 'string' || !unreadOperators.includes(operator)) return
  const text = `How MISP ${id} evaluates the condition \`${operator}\` is not known to Retrace.`
  throw new CannotTell('CONDITION_UNKNOWN', text)
}

/**
 * evaluateCondition of what Hash::extract finds at a path. Where the operator asks whether some value is there, nothing is collected, and
 * the first such value ends the search.
 */
export const holdsAt = (data: Json, path: Json, operator: Json, value: Json, rules: ConditionRules): boolean => {
  // Only filters take any_value for a condition.
  const quick = isArray(data) && operator !== 'any_value' ? compileQuick(value, operator, path) : null
  return quick ? quick(data as PhpArray) : evaluateCondition(extract(data, path), operator, value, rules)
}

const evaluate = (data: Json, operator: Operator | null, value: Json, rules: ConditionRules): boolean => {
  switch (operator) {
    case null:
      return false
    case 'in':
      return isArray(data) && inArray(value, data)
    case 'not_in':
      return isArray(data) && !inArray(value, data)
    case 'equals':
      return !isArray(data) && looseEquals(data, value)
    case 'not_equals':
      return !isArray(data) && !looseEquals(data, value)
    default:
      return isArray(data) && isArray(value) && evaluateLists(data, operator, value, rules)
  }
}

const evaluateLists = (data: PhpArray, operator: Operator, value: PhpArray, rules: ConditionRules): boolean => {
  if (operator === 'in_or') return valuesOf(data).some((item) => inArray(item, value))
  if (operator === 'not_in_or') return !valuesOf(data).some((item) => inArray(item, value))
  const matching = filterValues(data, (item) => inArray(item, value))
  if (operator === 'in_and')
    return rules.inAndSorts
      ? looseEquals(sort(matching), sort(value))
      : looseEquals(valuesOf(matching), valuesOf(value))
  // MISP's evaluateCondition sorts for in_and only, so here the order counts.
  return !looseEquals(valuesOf(matching), valuesOf(value))
}

const readsFirst = ['equals', 'not_equals']

/**
 * WorkflowBaseModule::getItemsMatchingCondition: the items for which the condition holds, keys kept (so a list may get holes). The same
 * object when all are kept. Items that are no arrays are a TypeError unless the path is empty; items that are no array at all
 * give themselves, as PHP's foreach only warns. Versions that renumber answer a list, and throw a TypeError for what is no array.
 */
export const getItemsMatchingCondition = (
  items: Json,
  value: Json,
  operator: Json,
  path: Json,
  rules: ConditionRules,
  scope: HashScope = createScope()
): Json => {
  const kept = keep(items, buildMatcher(value, operator, path, rules, scope), compileQuick(value, operator, path))
  if (!rules.keptItemsRenumbered) return kept
  if (isArray(kept)) return valuesOf(kept)
  return badArgument(`array_values(): Argument #1 ($array) must be of type array, ${phpType(kept)} given`)
}

/** @param quick judges an array faster; null when the condition has no such form */
function keep(items: Json, matches: (item: Json) => boolean, quick: ((item: PhpArray) => boolean) | null): Json {
  if (!isArray(items)) return items
  return filterValues(items, quick ? (item) => (isArray(item) ? quick(item) : matches(item)) : matches)
}

const buildMatcher = (
  value: Json,
  operator: Json,
  path: Json,
  rules: ConditionRules,
  scope: HashScope
): ((item: Json) => boolean) => {
  const first = inArray(operator, readsFirst)
  const any = looseEquals(operator, 'any_value')
  const resolved = resolveOperator(operator)
  return (item) => {
    if (resolved === null) refuseUnread(operator, rules)
    let found = extractData(item, path, scope)
    if (first && !isEmpty(found)) found = firstOf(found)
    return (any && !isEmpty(found)) || evaluate(found, resolved, value, rules)
  }
}

/** The same for the operators that ask whether some value is there, without collecting the values; null for all others. */
const compileQuick = (value: Json, operator: Json, path: Json): ((item: PhpArray) => boolean) | null => {
  if (typeof path !== 'string' || typeof operator !== 'string') return null
  if (operator === 'any_value') return compileSome(path, () => true)
  const negative = operator.startsWith('not_')
  const test =
    operator === 'in' || operator === 'not_in'
      ? equalTo(value)
      : (operator === 'in_or' || operator === 'not_in_or') && isArray(value)
        ? oneOf(value)
        : null
  const some = test && compileSome(path, test)
  return some && negative ? (item) => !some(item) : some
}

/** A text that is no number equals only itself among texts. */
const isPlainText = (value: Json): value is string => typeof value === 'string' && parseNumeric(value) === null

const equalTo = (wanted: Json): ((value: Json) => boolean) =>
  isPlainText(wanted)
    ? (value) => (typeof value === 'string' ? value === wanted : looseEquals(value, wanted))
    : (value) => looseEquals(value, wanted)

const oneOf = (wanted: PhpArray): ((value: Json) => boolean) => {
  const list = valuesOf(wanted)
  if (!list.every(isPlainText)) return (value) => inArray(value, wanted)
  const texts = new Set<Json>(list)
  return (value) => (typeof value === 'string' ? texts.has(value) : inArray(value, wanted))
}

/** `$found[0]` of something that is not empty: the first item, null for a map without one, a character of a text. */
const firstOf = (found: Json): Json => {
  if (isArray(found)) return at(found, '0') ?? null
  if (typeof found === 'string') return found.slice(0, 1)
  if (typeof found === 'object' && found !== null)
    throw phpError('Error', 'Cannot use object of type stdClass as array')
  return null
}

/** The four fields of a node filter. */
export interface NodeFilters {
  readonly selector: Json
  readonly value: Json
  readonly operator: Json
  readonly path: Json
}

/** WorkflowBaseModule::getFilters: the node's saved filters; what is missing or null is "". */
export const getFilters = (node: Json): NodeFilters => {
  const saved = nodeFilters(node)
  const read = (name: string): Json => (isArray(saved) ? (at(saved, name) ?? '') : '')
  return { selector: read('selector'), value: read('value'), operator: read('operator'), path: read('path') }
}

const nodeFilters = (node: Json): Json => {
  const data = isArray(node) ? at(node, 'data') : null
  return (isArray(data) ? at(data, 'saved_filters') : null) ?? null
}

/** WorkflowBaseModule::filtersEnabled: true as soon as one field is not loosely "". */
export const filtersEnabled = (node: Json): boolean => {
  const { selector, value, operator, path } = getFilters(node)
  return [selector, value, operator, path].some((field) => !looseEquals(field, ''))
}

/**
 * WorkflowBaseModule::getMatchingItemsForAttributes: the attributes that an action works on. When Hash throws, MISP returns false
 * from a method that declares an array: TypeError.
 */
export const getMatchingItemsForAttributes = (
  node: Json,
  data: Json,
  rules: ConditionRules,
  scope?: HashScope
): PhpArray => {
  if (!filtersEnabled(node)) return extract(data, 'Event._AttributeFlattened.{n}', scope)
  const filters = getFilters(node)
  const extracted = extractData(data, filters.selector, scope)
  const matching =
    extracted === false
      ? false
      : getItemsMatchingCondition(extracted, filters.value, filters.operator, filters.path, rules, scope)
  if (isArray(matching)) return matching
  throw phpError(
    'TypeError',
    `WorkflowBaseModule::getMatchingItemsForAttributes(): Return value must be of type array, ${phpType(matching)} returned`
  )
}

/**
 * WorkflowBaseModule::extractDataForFilters, on data that getData() gave. MISP compares loosely with null, so any empty field (a value of "" or 0
 * too) means that the filter does not apply and all data is answered.
 */
export const extractDataForFilters = (
  node: Json,
  data: Json,
  supportFilters: boolean,
  rules: ConditionRules,
  scope?: HashScope
): Json => {
  if (!supportFilters) return data
  const filters = getFilters(node)
  if (inArray(null, [filters.selector, filters.value, filters.operator, filters.path])) return data
  const extracted = extractData(data, filters.selector, scope)
  if (extracted === false) return data
  return getItemsMatchingCondition(extracted, filters.value, filters.operator, filters.path, rules, scope)
}
