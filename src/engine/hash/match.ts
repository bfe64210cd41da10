// Which items of an array a token chooses (Hash::_matchToken and _matches).
import type { Json, JsonMap } from '../../contract/json.ts'
import { isNumeric } from '../php/cast.ts'
import { looseEquals } from '../php/compare.ts'
import { arePositions, isArray, isIntegerKey, isList } from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import type { Token } from './path.ts'
import { matchesConditions } from './selector.ts'
import type { HashScope } from './report.ts'

/** Does the token choose this key of a map? */
export const matchesKey = (token: Token, key: string): boolean => {
  switch (token.kind) {
    case '*':
      return true
    case 'n':
      return isNumeric(key)
    case 's':
      return !isIntegerKey(key)
    case 'key':
      return key === token.key
    case 'numeric':
      return isIntegerKey(key) ? Number(key) === token.number : looseEquals(key, token.key)
  }
}

/** The keys of an array that the token chooses, in order. */
export const chosenKeys = (array: PhpArray, token: Token): string[] => {
  if (token.kind === 'key') return !isList(array) && Object.hasOwn(array, token.key) ? [token.key] : []
  if (isList(array)) {
    if (token.kind === 's') return []
    if (token.kind !== 'numeric') return Object.keys(array)
    return indexIn(token, array.length) < 0 ? [] : [String(token.number)]
  }
  return Object.keys(array).filter((key) => matchesKey(token, key))
}

const indexIn = (token: Token, length: number): number =>
  Number.isInteger(token.number) && token.number >= 0 && token.number < length ? token.number : -1

/** Adds the values of one item that the token chooses. A scalar counts as a list with one item, null as an empty one. */
const collect = (item: Json, token: Token, next: Json[]): void => {
  if (!isArray(item)) {
    // EMPTY_OBJECT and null hold nothing; the 0 of `(array) 'text'` is a number.
    if (item === null || typeof item === 'object') return
    if (token.kind === 'n' || token.kind === '*' || token.number === 0) next.push(item)
    return
  }
  if (isList(item)) {
    if (token.kind === 'n' || token.kind === '*') for (let i = 0; i < item.length; i++) next.push(item[i] as Json)
    else if (token.kind === 'numeric' && indexIn(token, item.length) >= 0) next.push(item[token.number] as Json)
    return
  }
  if (token.kind === 'key') {
    if (Object.hasOwn(item, token.key)) next.push(item[token.key] as Json)
    return
  }
  collectOfMap(item, token, next)
}

/** A list that lost items is a map of positions, and `{n}` of it is asked at every step behind a filter: it is read like a list. */
const collectOfMap = (map: JsonMap, token: Token, next: Json[]): void => {
  const names = Object.keys(map)
  if (token.kind === '*' || (token.kind === 'n' && arePositions(names))) {
    const items = Object.values(map)
    for (let i = 0; i < items.length; i++) next.push(items[i] as Json)
  } else for (const key of names) if (matchesKey(token, key)) next.push(map[key] as Json)
}

/** The values under a literal key that no JavaScript object has by itself, so that reading it is enough to know. */
const collectKey = (context: readonly Json[], key: string, next: Json[]): void => {
  for (let i = 0; i < context.length; i++) {
    const item = context[i]
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue
    const value = (item as JsonMap)[key]
    if (value !== undefined) next.push(value)
  }
}

/** One step of Hash::extract. May answer a list of the data itself. */
export const stepInto = (context: readonly Json[], token: Token, scope?: HashScope): readonly Json[] => {
  const only = context.length === 1 ? context[0] : undefined
  let next: readonly Json[]
  if (isList(only) && (token.kind === 'n' || token.kind === '*')) next = only
  else {
    const collected: Json[] = []
    if (token.plainKey) collectKey(context, token.key, collected)
    else for (let i = 0; i < context.length; i++) collect(context[i] as Json, token, collected)
    next = collected
  }
  const conditions = token.conditions
  return conditions ? next.filter((item) => isArray(item) && matchesConditions(item, conditions, scope)) : next
}
