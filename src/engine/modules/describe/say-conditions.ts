// What a condition of MISP really does, in words: operators read different things, and some can never hold.
import { plainText, type Json } from '../../../contract/json.ts'
import { always, keepsNothing, never, say, termed } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { TriggerData } from '../../../contract/modules.ts'
import { eachOf } from './node-words.ts'
import type { NodeWords, Shown } from './node-words.ts'

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

interface Missing {
  readonly list: Sentence
  /** The path as it should be. */
  readonly better: Sentence
}

/** The list that a path runs through without `{n}`; null when there is none. */
export function missingWildcard(path: string, data?: TriggerData): Missing | null {
  const tokens = tokensOf(path)
  // What other data holds nobody knows.
  if (data && !data.isCore && tokens[0] !== 'Event') return null
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1]
    if (next === undefined || !listFields.has(token) || /^(\{|\d|\[)/.test(next)) continue
    const better = [...tokens.slice(0, i + 1), '{n}', ...tokens.slice(i + 1)].join('.')
    return { list: bare(token), better: termed(better) }
  }
  return null
}

const bare = (name: string): Sentence => ({
  text: name,
  verdict: 'depends',
  claims: [{ kind: 'term', value: name, from: 0, to: name.length }]
})

/** True when the path ends at a field that holds one value. */
export const endsAtScalar = (path: string): boolean => scalarFields.has(tokensOf(path).at(-1) ?? '')

export const isNumberText = (value: Json): boolean =>
  typeof value === 'number' ||
  (typeof value === 'string' && /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value))

const textOf = ({ value }: Shown): string => (typeof value === 'string' ? value : '')

/** PHP compares loosely; where that surprises, it is said. */
function loosely(value: Shown): Sentence | null {
  const text = typeof value.value === 'object' ? '' : String(value.value).trim()
  if (isNumberText(value.value) && /^[+-]?\d+$/.test(text))
    return say`; compared as a number, so ${withClaim(`${text}.0`, value)} matches too`
  if (isNumberText(value.value)) return say`; compared as a number`
  return value.value === '' ? say`; no value is set, so only empty texts and null match` : null
}

/** Another way to write what a parameter holds. */
const withClaim = (text: string, { claims }: Shown): Sentence => {
  const [first] = claims
  const shown = `\`${text}\``
  return { text: shown, verdict: 'depends', claims: first ? [{ ...first, from: 0, to: shown.length }] : [] }
}

/** What comes before any operator: paths that cannot find anything. `data`: of paths that begin at its root. */
function pathProblem(path: Shown, data?: TriggerData): Sentence | null {
  const beside = data && besideEvent(textOf(path), data)
  if (beside) return beside
  const missing = missingWildcard(textOf(path), data)
  return missing && say`${missing.list} is a list, so ${path} finds nothing; ${missing.better} would`
}

/** A path that begins beside the event, where the data has nothing else. */
export function besideEvent(path: string, { trigger, isCore, withheld }: TriggerData): Sentence | null {
  const [first = ''] = tokensOf(path)
  if (!isCore || first === 'Event' || !/^[A-Za-z]\w*$/.test(first) || first === 'enabledFilters') return null
  const own =
    withheld?.key === first &&
    say` (MISP hands on the event only; the trigger’s own parameter ${termed(withheld.param)} compares the attached one)`
  return say`the data of the trigger ${termed(trigger)} is the event, and ${bare(first)} is not in it${own}`
}

function equality(operator: Shown, path: Shown, value: Shown, data?: TriggerData): Sentence {
  const text = textOf(path)
  if (text === '') return never`Never true: ${operator} needs a hash path and none is set.`
  if (hasWildcard(text)) {
    const wild = /\{[ns*]\}/.exec(text)?.[0]
    return never`Never true: ${operator} reads a single value, but the path has ${wild === undefined ? 'a selector in brackets' : bare(wild)}.`
  }
  const problem = pathProblem(path, data)
  if (problem) return never`Never true: ${problem}, and ${operator} is false for what is missing.`
  if (listFields.has(tokensOf(text).at(-1) ?? ''))
    return never`Never true: ${path} is a list and ${operator} is false for lists.`
  const not = operator.value === 'not_equals' ? 'is not' : 'is'
  return say`True when the value at ${path} ${not} ${value}${loosely(value)}. False when it is missing or a list.`
}

function membership(operator: Shown, path: Shown, value: Shown, data?: TriggerData): Sentence {
  const problem = pathProblem(path, data)
  const negated = operator.value === 'not_in'
  if (problem) return negated ? always`Always true: ${problem}.` : never`Never true: ${problem}.`
  const not = negated ? 'not ' : ''
  const text = textOf(path)
  if (text === '')
    return say`True when ${value} is ${not}one of the top-level entries of the data; no hash path is set, so nothing deeper is read.`
  const found = hasWildcard(text)
    ? say`among the values at ${path}`
    : say`the value at ${path} (or in it, when it is a list)`
  return say`True when ${value} is ${not}${found}${loosely(value)}.${negated && ' Also true when the path finds nothing.'}`
}

function anyValue(path: Shown, data?: TriggerData): Sentence {
  if (textOf(path) === '')
    return always`Always true: no hash path is set, so the whole data is read, and that is not empty.`
  const problem = pathProblem(path, data)
  if (problem) return never`Never true: ${problem}.`
  if (hasWildcard(textOf(path))) return say`True when ${path} finds anything at all, even empty values.`
  return say`True when there is a value at ${path}; an empty text or 0 counts, null and an empty list do not.`
}

/** What a list operator compares with: its value, the items of that, them in words, and what MISP's editor calls it. */
export interface Wanted {
  readonly value: Shown
  readonly items: readonly Shown[]
  readonly each: (word: 'or' | 'and') => Sentence
  readonly name: 'Value' | 'Value list' | 'the list of tags'
}

/** Tags and galaxy clusters, which MISP compares as one list. */
export function wantedTags(node: NodeWords): Wanted {
  const items = [...node.items('tags'), ...node.items('clusters', (name) => `misp-galaxy:${plainText(name)}`)]
  const each = (word: 'or' | 'and'): Sentence => eachOf(items, word, ['tags', 'clusters'])
  return { value: { ...each('and'), value: items.map(({ value }) => value) }, items, each, name: 'the list of tags' }
}

export const wantedOf = (node: NodeWords, id: string, name: Wanted['name']): Wanted => ({
  ...{ value: node.the(id), items: node.items(id), name },
  each: (word) => node.each(id, word)
})

/** Operators on lists (`in_or`, `in_and`, …); what is wanted must be a list or they are false. */
export function listCondition(
  operator: Shown,
  path: Shown,
  { value, items, each, name }: Wanted,
  data?: TriggerData
): Sentence {
  if (typeof value.value !== 'object' || value.value === null)
    return never`Never true: ${operator} needs a list and ${name} is ${value.value === '' ? 'not set' : say`the text ${value}`}.`
  const problem = pathProblem(path, data)
  const where = textOf(path) === '' ? 'the top-level entries of the data' : say`the values at ${path}`
  const none = items.length === 0
  switch (operator.value) {
    case 'in_or':
      if (none) return never`Never true: ${name} is empty.`
      return problem ? never`Never true: ${problem}.` : say`True when ${each('or')} is among ${where}.`
    case 'not_in_or':
      if (none) return always`Always true: ${name} is empty.`
      return problem ? always`Always true: ${problem}.` : say`True when none of ${each('and')} is among ${where}.`
    case 'in_and':
      if (none) return always`Always true: ${name} is empty.`
      return say`True when ${each('and')} are among ${where}, each exactly once: a value found twice makes it false.`
    default:
      if (none) return never`Never true: ${name} is empty.`
      return say`True unless exactly ${each('and')} are among ${where}, in this order and each once; a different order or a value found twice makes it true.`
  }
}

const unknownOperator = (operator: Shown): Sentence =>
  operator.value === '' ? say`no operator is set` : say`${operator} is not an operator MISP knows`

/** A condition of `IF :: Generic` (Module_generic_if::exec). */
export function conditionSentence(
  operator: Shown,
  path: Shown,
  { value, list, wanted }: { readonly value: Shown; readonly list: Wanted; readonly wanted: Wanted },
  data?: TriggerData
): Sentence {
  switch (operator.value) {
    case 'in':
    case 'not_in':
      return membership(operator, path, value, data)
    case 'equals':
    case 'not_equals':
      return equality(operator, path, value, data)
    case 'any_value':
      return anyValue(path, data)
    case 'in_or':
      return listCondition(operator, path, list, data)
    case 'in_and':
    case 'not_in_or':
    case 'not_in_and':
      return listCondition(operator, path, wanted, data)
    default:
      return never`Never true: ${unknownOperator(operator)}.`
  }
}

/** Which items a filter keeps (WorkflowBaseModule::getItemsMatchingCondition), as a phrase. */
export function keptItems(operator: Shown, path: Shown, value: Shown | null, wanted: Wanted): Sentence {
  const isSet = textOf(path) !== ''
  const problem = isSet ? pathProblem(path) : null
  const where = isSet ? path : 'the item itself'
  switch (operator.value) {
    case 'equals':
    case 'not_equals':
      if (!isSet)
        return keepsNothing`keeps nothing: ${operator} compares the first value at the Hash path and none is set.`
      if (problem) return keepsNothing`keeps nothing: ${problem}.`
      return say`keeps items whose first value at ${where} ${operator.value === 'equals' ? 'is' : 'is not'} ${value ?? wanted.each('and')}${value && loosely(value)}.`
    case 'in':
      if (problem) return keepsNothing`keeps nothing: ${problem}.`
      return say`keeps items that have ${value ?? wanted.each('and')} at ${where}${value && loosely(value)}.`
    case 'not_in':
      if (problem) return say`keeps everything: ${problem}.`
      return say`keeps items that do not have ${value ?? wanted.each('and')} at ${where}${value && loosely(value)}.`
    case 'any_value':
      return problem ? keepsNothing`keeps nothing: ${problem}.` : say`keeps items that have any value at ${where}.`
    case 'in_or':
    case 'in_and':
    case 'not_in_or':
    case 'not_in_and':
      if (typeof wanted.value.value !== 'object' || wanted.value.value === null)
        return keepsNothing`keeps nothing: ${operator} needs a list of values.`
      return say`keeps items ${verbs[operator.value]} ${wanted.each(operator.value.endsWith('or') ? 'or' : 'and')} at ${where}.`
    default:
      return keepsNothing`keeps nothing: ${unknownOperator(operator)}.`
  }
}

const verbs = {
  in_or: 'that have',
  in_and: 'that have exactly once each of',
  not_in_or: 'that have none of',
  not_in_and: 'that do not have exactly, in this order,'
} as const
