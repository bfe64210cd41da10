// The keys that can come next while a hash path is being typed.
import type { HashKey } from '../../contract/authoring.ts'
import type { Json } from '../../contract/json.ts'
import type { ValueType } from '../../contract/values.ts'
import { entries, isArray, isEmptyArray, isList } from '../php/values.ts'
import { locateItems, locateSteps } from './locate.ts'

const looked = 300
const shown = 200

/** What the path ends in and what is before it: `Event.Ta` gives `Event` and `Ta`. Dots in brackets do not split. */
export function splitPath(path: string): { readonly before: string; readonly typed: string } {
  let depth = 0
  let dot = -1
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '[') depth++
    else if (path[i] === ']') depth--
    else if (path[i] === '.' && depth === 0) dot = i
  }
  return { before: dot < 0 ? '' : path.slice(0, dot), typed: path.slice(dot + 1) }
}

const typeOf = (value: Json): ValueType =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as ValueType)

/** @param base the selector whose items the path is read in */
export function completePath(
  data: Json,
  path: string,
  base: string | undefined,
  preview: (value: Json) => string
): HashKey[] {
  const { before } = splitPath(path)
  const roots = base === undefined ? [data] : locateItems(data, base, looked).map((item) => item.value)
  const contexts =
    before === ''
      ? roots
      : roots
          .flatMap((root) => (locateSteps(root, before, looked).at(-1) ?? []).map((item) => item.value))
          .slice(0, looked)
  const keys = new Map<string, { count: number; value: Json }>()
  const add = (key: string, value: Json): void => {
    const known = keys.get(key)
    if (known) known.count++
    else if (keys.size < shown) keys.set(key, { count: 1, value })
  }
  for (const context of contexts) {
    if (!isArray(context) || isEmptyArray(context)) continue
    if (isList(context)) {
      add('{n}', context[0] as Json)
      context.slice(0, 3).forEach((item, i) => add(String(i), item))
    } else for (const [key, value] of entries(context).slice(0, shown)) add(key, value)
  }
  return [...keys].map(([key, { count, value }]) => ({ key, type: typeOf(value), count, preview: preview(value) }))
}
