// CakePHP 2's Hash on immutable values. Results share everything that is unchanged with the input; the data itself is answered
// when nothing changes. PHP's warnings (an invalid regular expression…) go to `scope.warn` and change nothing else.
import type { Json } from '../../contract/json.ts'
import { phpError, phpException } from '../php/exceptions.ts'
import { isNumeric, phpString, stringArgument, utf8Length } from '../php/cast.ts'
import { parseNumeric } from '../php/numbers.ts'
import {
  EMPTY_OBJECT,
  arrayMerge,
  at,
  expectArray,
  isArray,
  isEmpty,
  isEmptyArray,
  isList,
  isSet,
  toArrayCast,
  toArrayKey,
  values as valuesOf,
  withKey,
  withoutKey,
  withoutKeys
} from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import { chosenKeys, stepInto } from './match.ts'
import { compilePath } from './path.ts'
import type { CompiledPath, Token } from './path.ts'
import { matchesConditions } from './selector.ts'
import { createScope } from './report.ts'
import type { HashScope } from './report.ts'

/**
 * Hash::get: the value at a path of literal keys, or `fallback` when it is missing or null. `path`: text, number, or a list of
 * keys. Throws TypeError for data that is no array, InvalidArgumentException for an object as path.
 */
export const get = (data: Json, path: Json, fallback: Json = null): Json => {
  const array = expectArray(data, 'Hash::get(): Argument #1 ($data)')
  if (path === null || isEmptyArray(array)) return fallback
  let here: Json = array
  for (const part of partsOf(path)) {
    if (!isArray(here)) return fallback
    const key = toArrayKey(part, 'Illegal offset type in isset or empty')
    const next = at(here, key)
    if (next === undefined || next === null) return fallback
    here = next
  }
  return here
}

const partsOf = (path: Json): readonly Json[] => {
  // Hash::get splits at every dot, also inside of brackets.
  if (typeof path === 'string') return path.includes('[') ? path.split('.') : compilePath(path).keys
  if (isNumeric(path)) return phpString(path).split('.')
  if (typeof path === 'boolean') return [path]
  if (isArray(path)) return valuesOf(path)
  throw phpException(
    'InvalidArgumentException',
    'Invalid path parameter: (object) array(), should be dot separated path or array.'
  )
}

/**
 * Hash::extract: all values that the path expression chooses, as a list; the data itself for an empty path, and what Hash::get
 * finds, cast to an array, for a path without `{` and `[`.
 */
export const extract = (data: Json, path: Json, scope: HashScope = createScope()): PhpArray => {
  const array = expectArray(data, 'Hash::extract(): Argument #1 ($data)')
  if (isEmpty(path)) return array
  const text = stringArgument(path, 'preg_match(): Argument #2 ($subject)')
  if (!text.includes('{') && !text.includes('[')) return toArrayCast(get(array, path))
  let context: readonly Json[] = [array]
  for (const token of compilePath(text).tokens) {
    if (context.length === 0) break
    context = stepInto(context, token, scope)
  }
  return context
}

/** Hash::check: does the path choose anything? */
export const check = (data: Json, path: Json, scope?: HashScope): boolean => !isEmptyArray(extract(data, path, scope))

const pathArgument = (path: Json): CompiledPath =>
  compilePath(stringArgument(path, 'strpos(): Argument #1 ($haystack)'))

/**
 * Hash::insert. A plain path creates what is missing and replaces scalars on its way; one with `{` or `[` only changes what is
 * there, and below a scalar it is a TypeError. A last token that is an expression merges the values into each match.
 */
export const insert = (data: Json, path: Json, values: Json = null, scope: HashScope = createScope()): PhpArray => {
  const array = expectArray(data, 'Hash::insert(): Argument #1 ($data)')
  return insertAt(array, pathArgument(path), values, scope)
}

const insertAt = (array: PhpArray, path: CompiledPath, values: Json, scope?: HashScope): PhpArray => {
  if (path.plain) return insertPlain(array, path.keys, values)
  const token = path.tokens[0] as Token
  const rest = path.rest()
  // `$nextPath ? … : …`: a rest of "0" counts as none.
  const last = rest.text === '' || rest.text === '0'
  const change = (item: Json): Json => {
    if (token.conditions && !matchesConditions(expectMatchable(item), token.conditions, scope)) return item
    if (last) return arrayMerge(item, toArrayCast(values))
    return insertAt(expectArray(item, 'Hash::insert(): Argument #1 ($data)'), rest, values, scope)
  }
  return changeChosen(array, token, change)
}

const expectMatchable = (item: Json): PhpArray => expectArray(item, 'Hash::_matches(): Argument #1 ($data)')

/** Applies a change to the items that a token chooses. */
const changeChosen = (array: PhpArray, token: Token, change: (item: Json) => Json): PhpArray => {
  if (isList(array) && (token.kind === 'n' || token.kind === '*')) {
    let copy: Json[] | null = null
    for (let i = 0; i < array.length; i++) {
      const after = change(array[i] as Json)
      if (after !== array[i]) (copy ??= array.slice())[i] = after
    }
    return copy ?? array
  }
  const pairs = chosenKeys(array, token).map((key) => [key, change(at(array, key) as Json)] as const)
  return replaceValues(array, pairs)
}

/** Sets the values of keys that exist, with one copy. */
const replaceValues = (array: PhpArray, pairs: readonly (readonly [string, Json])[]): PhpArray => {
  const changed = pairs.filter(([key, value]) => value !== at(array, key))
  if (changed.length === 0) return array
  const [first] = changed
  if (changed.length === 1 && first) return withKey(array, first[0], first[1])
  if (!isList(array)) return { ...array, ...Object.fromEntries(changed) }
  const copy = array.slice()
  for (const [key, value] of changed) copy[Number(key)] = value
  return copy
}

/** Hash::_simpleOp('insert'). A loop, so that a path of any length is fine. */
const insertPlain = (array: PhpArray, keys: readonly string[], values: Json): PhpArray => {
  const levels: PhpArray[] = [array]
  for (let i = 0; i < keys.length - 1; i++) {
    const next = at(levels[i] as PhpArray, keys[i] as string)
    levels.push(isArray(next) ? next : [])
  }
  let value = values
  for (let i = keys.length - 1; i >= 0; i--) value = withKey(levels[i] as PhpArray, keys[i] as string, value)
  return value as PhpArray
}

/** Hash::remove. An array that becomes empty below a token with an expression is removed with it. */
export const remove = (data: Json, path: Json, scope: HashScope = createScope()): PhpArray => {
  const array = expectArray(data, 'Hash::remove(): Argument #1 ($data)')
  return removeAt(array, pathArgument(path), scope)
}

const removeAt = (array: PhpArray, path: CompiledPath, scope?: HashScope): PhpArray => {
  if (path.plain) return removePlain(array, path.keys)
  const token = path.tokens[0] as Token
  const rest = path.rest()
  const drop = new Set<string>()
  const changed: (readonly [string, Json])[] = []
  for (const key of chosenKeys(array, token)) {
    const item = at(array, key) as Json
    if (!isArray(item)) {
      if (rest.text === '') drop.add(key)
      continue
    }
    const matching = !token.conditions || matchesConditions(item, token.conditions, scope)
    const whole = matching && token.conditions !== null && rest.text === ''
    const after = matching && !whole ? removeAt(item, rest, scope) : item
    if (whole || isEmptyArray(after)) drop.add(key)
    else changed.push([key, after])
  }
  return withoutKeys(replaceValues(array, changed), drop)
}

/** Hash::_simpleOp('remove'). Going through a character of a text is an Error in PHP. */
const removePlain = (array: PhpArray, keys: readonly string[]): PhpArray => {
  const levels: PhpArray[] = []
  let here: Json = array
  for (const key of keys.slice(0, -1)) {
    if (!isArray(here)) {
      expectNoOffset(here, key)
      return array
    }
    if (!isSet(here, key)) return array
    levels.push(here)
    here = at(here, key) as Json
  }
  if (!isArray(here)) return array
  let value: PhpArray = withoutKey(here, keys[keys.length - 1] as string)
  if (value === here) return array
  for (let i = levels.length - 1; i >= 0; i--) value = withKey(levels[i] as PhpArray, keys[i] as string, value)
  return value
}

/** isset() of a text's or an object's offset, followed by a reference to it. */
const expectNoOffset = (value: Json, key: string): void => {
  if (value === EMPTY_OBJECT) throw phpError('Error', 'Cannot use object of type stdClass as array')
  if (typeof value !== 'string') return
  const offset = parseNumeric(key)?.int
  if (offset === null || offset === undefined) return
  const length = BigInt(utf8Length(value))
  if (offset < length && offset >= -length) throw phpError('Error', 'Cannot create references to/from string offsets')
}
