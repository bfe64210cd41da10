// Hash::extract for those who only ask whether one of the values passes a test: nothing is collected, and the first value
// that passes ends the search. Filters ask this of every attribute of an event.
import type { Json } from '../../contract/json.ts'
import { isArray, isEmptyArray, isList, toArrayCast, values } from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import { get } from './hash.ts'
import { matchesKey } from './match.ts'
import { compilePath } from './path.ts'
import type { Token } from './path.ts'

export type Test = (value: Json) => boolean

/**
 * Compiles `some value that Hash::extract($array, $path) finds passes the test`. Null for paths with conditions, which take their time
 * anyway and may warn.
 */
export function compileSome(path: string, test: Test): ((array: PhpArray) => boolean) | null {
  if (path === '' || path === '0' || path.includes('[')) return null
  const { plain, keys, tokens } = compilePath(path)
  if (!plain) return (array) => someBelow(array, tokens, 0, test)
  const [key = ''] = keys
  if (keys.length > 1) return (array) => someOf(isEmptyArray(array) ? null : get(array, path), test)
  return (array) => someOf(valueOf(array, key), test)
}

const valueOf = (array: PhpArray, key: string): Json => {
  if (isList(array)) return get(array, key)
  return Object.hasOwn(array, key) ? (array[key] as Json) : null
}

/** The values of what Hash::get found, cast to an array. */
const someOf = (found: Json, test: Test): boolean =>
  found !== null && (isArray(found) ? values(found).some(test) : values(toArrayCast(found)).some(test))

/** What match.ts collects, in the same order. */
function someBelow(item: Json, tokens: readonly Token[], depth: number, test: Test): boolean {
  const token = tokens[depth]
  if (token === undefined) return test(item)
  if (!isArray(item)) {
    if (item === null || typeof item === 'object') return false
    const asList = token.kind === 'n' || token.kind === '*' || (!token.plainKey && token.number === 0)
    return asList && someBelow(item, tokens, depth + 1, test)
  }
  if (isList(item)) return someInList(item, tokens, depth, test)
  if (token.kind === 'key')
    return Object.hasOwn(item, token.key) && someBelow(item[token.key] as Json, tokens, depth + 1, test)
  for (const key in item) {
    if (!Object.hasOwn(item, key) || !matchesKey(token, key)) continue
    if (someBelow(item[key] as Json, tokens, depth + 1, test)) return true
  }
  return false
}

function someInList(list: readonly Json[], tokens: readonly Token[], depth: number, test: Test): boolean {
  const token = tokens[depth] as Token
  if (token.kind === 'n' || token.kind === '*') {
    for (let i = 0; i < list.length; i++) if (someBelow(list[i] as Json, tokens, depth + 1, test)) return true
    return false
  }
  const at = token.number
  return token.kind === 'numeric' && at in list && someBelow(list[at] as Json, tokens, depth + 1, test)
}
