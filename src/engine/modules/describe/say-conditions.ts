// What a condition of MISP really does, in words: operators read different things, and some can never hold.
import type { Json } from '../../../contract/json.ts'
import { listOf, quote, quoteAll } from './say.ts'

/** Fields of the core format that hold lists: a path through one needs `{n}` behind it. */
const listFields = new Set(
  (
    'Attribute _AttributeFlattened _allTags Object ObjectReference Tag EventTag AttributeTag Galaxy GalaxyCluster ShadowAttribute ' +
    'RelatedEvent EventReport Sighting enrichment warnings'
  ).split(' ')
)

/** Fields of the core format that hold one value. */
const scalarFields = new Set(
  (
    'id uuid info date published analysis threat_level_id distribution timestamp publish_timestamp sharing_group_id orgc_id org_id ' +
    'type category value comment to_ids name colour local deleted event_id object_id value1 value2'
  ).split(' ')
)

const tokensOf = (path: string): readonly string[] => path.split('.')
export const hasWildcard = (path: string): boolean => /[{[]/.test(path)

/** The list that a path runs through without `{n}`, with the path as it should be; null when there is none. */
export function missingWildcard(path: string): { readonly list: string; readonly better: string } | null {
  const tokens = tokensOf(path)
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1]
    if (next === undefined || !listFields.has(token) || /^(\{|\d|\[)/.test(next)) continue
    return { list: token, better: [...tokens.slice(0, i + 1), '{n}', ...tokens.slice(i + 1)].join('.') }
  }
  return null
}

/** True when the path ends at a field that holds one value. */
export const endsAtScalar = (path: string): boolean => scalarFields.has(tokensOf(path).at(-1) ?? '')

type Verdict = 'never' | 'always' | 'depends'

export interface ConditionSentence {
  readonly verdict: Verdict
  readonly text: string
}

const never = (text: string): ConditionSentence => ({ verdict: 'never', text: `Never true: ${text}` })
const always = (text: string): ConditionSentence => ({ verdict: 'always', text: `Always true: ${text}` })
const depends = (text: string): ConditionSentence => ({ verdict: 'depends', text })

export const isNumberText = (value: Json): boolean =>
  typeof value === 'number' ||
  (typeof value === 'string' && /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value))

/** PHP compares loosely; where that surprises, it is said. */
function loosely(value: Json): string {
  if (isNumberText(value)) return `; compared as a number, so ${quote(`${String(value).trim()}.0`)} matches too`
  if (value === '') return '; no value is set, so only empty texts and null match'
  return ''
}

/** What comes before any operator: paths that cannot find anything. */
function pathProblem(path: string): string | null {
  const missing = missingWildcard(path)
  return missing && `${missing.list} is a list, so ${quote(path)} finds nothing; ${quote(missing.better)} would`
}

function equality(operator: string, path: string, value: Json): ConditionSentence {
  const name = quote(operator)
  if (path === '') return never(`${name} needs a hash path and none is set.`)
  if (hasWildcard(path)) {
    const wild = /\{[ns*]\}/.exec(path)?.[0] ?? 'a selector in brackets'
    return never(`${name} reads a single value, but the path has ${wild}.`)
  }
  const problem = pathProblem(path)
  if (problem) return never(`${problem}, and ${name} is false for what is missing.`)
  if (listFields.has(tokensOf(path).at(-1) ?? ''))
    return never(`${quote(path)} is a list and ${name} is false for lists.`)
  const not = operator === 'not_equals' ? 'is not' : 'is'
  return depends(
    `True when the value at ${quote(path)} ${not} ${quote(value)}${loosely(value)}. False when it is missing or a list.`
  )
}

function membership(operator: string, path: string, value: Json): ConditionSentence {
  const problem = pathProblem(path)
  const negated = operator === 'not_in'
  if (problem) return negated ? always(`${problem}.`) : never(`${problem}.`)
  if (path === '')
    return depends(
      `True when ${quote(value)} is ${negated ? 'not ' : ''}one of the top-level entries of the data; no hash path is set, so nothing deeper is read.`
    )
  const found = hasWildcard(path)
    ? `among the values at ${quote(path)}`
    : `the value at ${quote(path)} (or in it, when it is a list)`
  return depends(
    `True when ${quote(value)} is ${negated ? 'not ' : ''}${found}${loosely(value)}.${negated ? ' Also true when the path finds nothing.' : ''}`
  )
}

function anyValue(path: string): ConditionSentence {
  if (path === '') return always('no hash path is set, so the whole data is read, and that is not empty.')
  const problem = pathProblem(path)
  if (problem) return never(`${problem}.`)
  if (hasWildcard(path)) return depends(`True when ${quote(path)} finds anything at all, even empty values.`)
  return depends(
    `True when there is a value at ${quote(path)}; an empty text or 0 counts, null and an empty list do not.`
  )
}

/** Operators on lists (`in_or`, `in_and`, …); `value` must be a list or they are false. */
export function listCondition(operator: string, path: string, value: Json, valueName: string): ConditionSentence {
  if (typeof value !== 'object' || value === null)
    return never(
      `${quote(operator)} needs a list and ${valueName} is ${value === '' ? 'not set' : `the text ${quote(value)}`}.`
    )
  const problem = pathProblem(path)
  const wanted = listOf(value)
  const where = path === '' ? 'the top-level entries of the data' : `the values at ${quote(path)}`
  switch (operator) {
    case 'in_or':
      if (wanted.length === 0) return never(`${valueName} is empty.`)
      return problem ? never(`${problem}.`) : depends(`True when ${quoteAll(wanted, 'or')} is among ${where}.`)
    case 'not_in_or':
      if (wanted.length === 0) return always(`${valueName} is empty.`)
      return problem
        ? always(`${problem}.`)
        : depends(`True when none of ${quoteAll(wanted, 'and')} is among ${where}.`)
    case 'in_and':
      if (wanted.length === 0) return always(`${valueName} is empty.`)
      return depends(
        `True when ${quoteAll(wanted, 'and')} are among ${where}, each exactly once: a value found twice makes it false.`
      )
    default:
      if (wanted.length === 0) return never(`${valueName} is empty.`)
      return depends(
        `True unless exactly ${quoteAll(wanted, 'and')} are among ${where}, in this order and each once; a different order or a value found twice makes it true.`
      )
  }
}

/** A condition of `IF :: Generic` (Module_generic_if::exec). */
export function conditionSentence(operator: string, path: Json, value: Json, valueList: Json): ConditionSentence {
  const text = typeof path === 'string' ? path : ''
  switch (operator) {
    case 'in':
    case 'not_in':
      return membership(operator, text, value)
    case 'equals':
    case 'not_equals':
      return equality(operator, text, value)
    case 'any_value':
      return anyValue(text)
    case 'in_or':
      return listCondition(operator, text, valueList, 'Value list')
    case 'in_and':
    case 'not_in_or':
    case 'not_in_and':
      return listCondition(operator, text, value, 'Value')
    case '':
      return never('no operator is set.')
    default:
      return never(`${quote(operator)} is not an operator MISP knows.`)
  }
}

/** Which items a filter keeps (WorkflowBaseModule::getItemsMatchingCondition), as a phrase behind "keeps". */
export function keptItems(operator: string, path: Json, value: Json): ConditionSentence {
  const text = typeof path === 'string' ? path : ''
  const problem = text === '' ? null : pathProblem(text)
  const none = (reason: string): ConditionSentence => ({ verdict: 'never', text: `keeps nothing: ${reason}` })
  const where = text === '' ? 'the item itself' : quote(text)
  switch (operator) {
    case 'equals':
    case 'not_equals':
      if (text === '') return none(`${quote(operator)} compares the first value at the Hash path and none is set.`)
      if (problem) return none(`${problem}.`)
      return depends(
        `keeps items whose first value at ${where} ${operator === 'equals' ? 'is' : 'is not'} ${quote(value)}${loosely(value)}.`
      )
    case 'in':
      return problem
        ? none(`${problem}.`)
        : depends(`keeps items that have ${quote(value)} at ${where}${loosely(value)}.`)
    case 'not_in':
      if (problem) return { verdict: 'always', text: `keeps everything: ${problem}.` }
      return depends(`keeps items that do not have ${quote(value)} at ${where}${loosely(value)}.`)
    case 'any_value':
      return problem ? none(`${problem}.`) : depends(`keeps items that have any value at ${where}.`)
    case 'in_or':
    case 'in_and':
    case 'not_in_or':
    case 'not_in_and':
      if (typeof value !== 'object' || value === null) return none(`${quote(operator)} needs a list of values.`)
      return depends(
        `keeps items ${listVerb(operator)} ${quoteAll(listOf(value), operator.endsWith('or') ? 'or' : 'and')} at ${where}.`
      )
    default:
      return none(operator === '' ? 'no operator is set.' : `${quote(operator)} is not an operator MISP knows.`)
  }
}

const listVerb = (operator: string): string =>
  operator === 'in_or'
    ? 'that have'
    : operator === 'in_and'
      ? 'that have exactly once each of'
      : operator === 'not_in_or'
        ? 'that have none of'
        : 'that do not have exactly, in this order,'
