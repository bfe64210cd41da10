// Where the values are that a path finds: explanations and editors point at places, Hash only answers values.
import type { Json } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import { at, isArray, isEmptyArray, isList } from '../php/values.ts'
import { chosenKeys } from './match.ts'
import { compilePath } from './path.ts'
import type { Token } from './path.ts'
import { createScope } from './report.ts'
import type { HashScope } from './report.ts'
import { matchesConditions } from './selector.ts'

/** A value and its keys from the root. */
export interface Located {
  readonly path: ValuePath
  readonly value: Json
}

/**
 * The first `limit` values after each token of a path, with their places. One list per token; an empty path has none. Follows Hash::extract:
 * a path without `{` and `[` reads keys as Hash::get does.
 */
export function locateSteps(data: Json, path: string, limit: number, scope: HashScope = createScope()): Located[][] {
  if (path === '') return []
  const { tokens } = compilePath(path)
  const plain = !/[{[]/.test(path)
  const levels: Located[][] = tokens.map(() => [])
  const last = levels.at(-1) as Located[]
  const visit = (from: Located, depth: number): void => {
    const token = tokens[depth]
    const level = levels[depth]
    if (!token || !level) return
    for (const next of plain ? readKey(from, token.text) : follow(from, token, scope)) {
      if (level.length < limit) level.push(next)
      visit(next, depth + 1)
      if (last.length >= limit) return
    }
  }
  visit({ path: [], value: data }, 0)
  return levels
}

/** The items that a selector chooses, with their places: what MISP's filters go through one by one. */
export function locateItems(data: Json, selector: string, limit: number): Located[] {
  const found = selector === '' ? [{ path: [], value: data }] : (locateSteps(data, selector, limit).at(-1) ?? [])
  // A path of literal keys answers what is there, so its entries are the items; an empty one answers the data itself.
  if (/[{[]/.test(selector)) return found
  return found.flatMap(({ path, value }) => childrenOf(path, value)).slice(0, limit)
}

function childrenOf(path: ValuePath, value: Json): Located[] {
  if (!isArray(value)) return []
  if (isList(value)) return value.map((item, i) => ({ path: [...path, i], value: item }))
  return Object.entries(value).map(([key, item]) => ({ path: [...path, key], value: item }))
}

function readKey({ path, value }: Located, key: string): Located[] {
  const found = isArray(value) ? at(value, key) : undefined
  return found === undefined || found === null ? [] : [{ path: [...path, keyOf(value, key)], value: found }]
}

/** Hash::extract counts a scalar as a list with one item: `{n}` and `0` stay where they are. */
function* follow({ path, value }: Located, token: Token, scope: HashScope): Generator<Located> {
  if (!isArray(value)) {
    const scalar = value !== null && typeof value !== 'object'
    const stays = scalar && (token.kind === 'n' || token.kind === '*' || token.number === 0)
    if (stays && token.conditions === null) yield { path, value }
    return
  }
  if (isEmptyArray(value)) return
  for (const key of chosenKeys(value, token)) {
    const item = at(value, key) as Json
    if (token.conditions && !(isArray(item) && matchesConditions(item, token.conditions, scope))) continue
    yield { path: [...path, keyOf(value, key)], value: item }
  }
}

const keyOf = (container: Json, key: string): string | number => (isList(container) ? Number(key) : key)
