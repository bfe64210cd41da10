// Follows a path step by step and says where it stops and what is there, for `hash --explain` and the path editor.
import type { Json } from '../../contract/json.ts'
import { isEmpty, isArray, isEmptyArray, isList, at, count, entries, expectArray, toArrayCast } from '../php/values.ts'
import { phpString, stringArgument } from '../php/cast.ts'
import { extract } from './hash.ts'
import { stepInto } from './match.ts'
import { compilePath } from './path.ts'
import type { Token } from './path.ts'
import { createScope } from './report.ts'
import type { HashWarning } from './report.ts'
import { plural } from '../../contract/words.ts'

interface PathStep {
  readonly token: string
  /** What the token chooses, in plain English. */
  readonly meaning: string
  /** How many values are left after it. */
  readonly matches: number
}

export interface PathExplanation {
  readonly path: string
  readonly steps: readonly PathStep[]
  /** Number of values that Hash::extract answers. */
  readonly results: number
  /** Index of the step after which nothing is left, or null. */
  readonly stoppedAt: number | null
  /** Keys that exist where the path stopped, the most similar first; `{n}` stands for list items. */
  readonly keysThere: readonly string[]
  /** When a condition let nothing pass: values that its attribute has there. */
  readonly valuesThere: readonly string[]
  /** One sentence. */
  readonly summary: string
  readonly warnings: readonly HashWarning[]
}

const shown = 8
const looked = 200
/** Keys that are compared with what was written. */
const most = 1000

/** Explains Hash::extract on some data. Throws what Hash::extract throws. */
export const explainExtract = (data: Json, path: Json): PathExplanation => {
  const array = expectArray(data, 'Hash::extract(): Argument #1 ($data)')
  const warnings: HashWarning[] = []
  const scope = createScope((warning) => void warnings.push(warning))
  if (isEmpty(path)) return finish('', [], array, null, warnings)
  const text = stringArgument(path, 'preg_match(): Argument #2 ($subject)')
  const plain = !/[{[]/.test(text)
  const results = extract(array, path, scope)
  warnings.length = 0
  const steps: PathStep[] = []
  let context: readonly Json[] = [array]
  for (const token of compilePath(text).tokens) {
    const before = context
    context = plain ? readKey(before, token.text) : stepInto(before, token, scope)
    steps.push({
      token: token.text,
      meaning: plain ? `the key “${token.text}”` : meaningOf(token),
      matches: context.length
    })
    if (context.length === 0) return finish(text, steps, results, { before, token, plain }, warnings)
  }
  return finish(text, steps, results, null, warnings)
}

/** A path without `{` and `[` is read by Hash::get, which takes null for missing. */
const readKey = (context: readonly Json[], key: string): readonly Json[] =>
  context.flatMap((item) => {
    const value = isArray(item) ? at(item, key) : undefined
    return value === undefined || value === null ? [] : [value]
  })

const meaningOf = (token: Token): string => {
  const conditions = (token.conditions ?? []).map(({ attribute, operator, value }) =>
    operator === null
      ? `with “${attribute}”`
      : `whose “${attribute}” ${operator === '=' && value?.startsWith('/') ? 'matches' : operator} ${value ?? ''}`
  )
  const what = {
    n: 'every item with a numeric key',
    s: 'every item with a text key',
    '*': 'every item',
    key: `the key “${token.key}”`,
    numeric: `the key ${token.key.trim()}`
  }[token.kind]
  return [what, ...conditions].join(', ')
}

interface Stop {
  readonly before: readonly Json[]
  readonly token: Token
  readonly plain: boolean
}

const finish = (
  path: string,
  steps: readonly PathStep[],
  results: Json,
  stop: Stop | null,
  warnings: readonly HashWarning[]
): PathExplanation => {
  const found = count(toArrayCast(results))
  const keysThere = stop ? keysAt(stop.before, stop.token.key) : []
  const valuesThere = stop ? valuesAt(stop) : []
  const stoppedAt = stop ? steps.length - 1 : null
  return {
    path,
    steps,
    results: found,
    stoppedAt,
    keysThere,
    valuesThere,
    summary: summarise(path, found, stop, keysThere, valuesThere),
    warnings
  }
}

const summarise = (
  path: string,
  found: number,
  stop: Stop | null,
  keys: readonly string[],
  values: readonly string[]
): string => {
  if (path === '') return 'The path is empty, so the whole data is used.'
  if (!stop) return `The path finds ${plural(found, 'value')}.`
  const where = `Nothing is left after “${stop.token.text}”`
  if (values.length > 0) return `${where}: the values there are ${values.join(', ')}.`
  if (keys.length > 0) return `${where}: the keys there are ${keys.join(', ')}.`
  return stop.before.every((item) => isArray(item) && isEmptyArray(item))
    ? `${where}: there are no items.`
    : `${where}: there are only single values.`
}

const keysAt = (context: readonly Json[], wanted: string): string[] => {
  const keys = new Set<string>()
  for (const item of context.slice(0, looked)) {
    if (!isArray(item)) continue
    if (keys.size > most) break
    if (isList(item)) {
      if (item.length > 0) keys.add('{n}')
    } else for (const [key] of entries(item).slice(0, looked)) keys.add(key)
  }
  const far = new Map([...keys].map((key) => [key, distance(key, wanted)]))
  return [...keys].sort((a, b) => far.get(a)! - far.get(b)!).slice(0, shown)
}

/** Values of the first condition's attribute among the items that the token's key chooses. */
const valuesAt = ({ before, token, plain }: Stop): string[] => {
  const condition = token.conditions?.[0]
  if (plain || !condition) return []
  const values = new Set<string>()
  for (const item of stepInto(before, { ...token, conditions: null }).slice(0, looked)) {
    const value = isArray(item) ? at(item, condition.attribute) : undefined
    if (value !== undefined && !isArray(value)) values.add(typeof value === 'string' ? value : JSON.stringify(value))
  }
  return [...values].slice(0, shown).map(phpString)
}

/** Edits between two keys, without regard to case; long ones by their beginnings. */
const distance = (a: string, b: string): number => {
  const [x, y] = [a.slice(0, 60).toLowerCase(), b.slice(0, 60).toLowerCase()]
  let row = Array.from({ length: y.length + 1 }, (_, j) => j)
  for (let i = 1; i <= x.length; i++) {
    const next = [i]
    for (let j = 1; j <= y.length; j++) {
      const change = (row[j - 1] as number) + (x[i - 1] === y[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[y.length] as number
}
