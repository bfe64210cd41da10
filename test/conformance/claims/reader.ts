// Reads data to hold claims against: hash paths, MISP's filters and comparisons, written anew and as simply as it goes, so that a sentence
// and its test do not share a mistake. What is not simple (conditions in brackets, in_and) it leaves undecided: null.
import type { Json, JsonMap } from '../../../src/contract/json.ts'

export interface Found {
  readonly path: readonly string[]
  readonly value: Json
}

const isBox = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null

/** What stands at keys; undefined where nothing does. */
export function at(data: Json | undefined, keys: readonly (string | number)[]): Json | undefined {
  let here = data
  for (const key of keys) here = isBox(here) && Object.hasOwn(here, key) ? here[key as string] : undefined
  return here
}

/** The values at a hash path with their places; null for a path that is not read here. */
export function find(data: Json, path: string): readonly Found[] | null {
  if (path.includes('[')) return null
  const below = ({ path: from, value }: Found): Found[] =>
    isBox(value) ? Object.entries(value).map(([key, item]) => ({ path: [...from, key], value: item as Json })) : []
  if (path === '') return below({ path: [], value: data })
  const tokens = path.split('.')
  if (!path.includes('{')) {
    const value = at(data, tokens)
    if (value === undefined || value === null) return []
    return isBox(value) ? below({ path: tokens, value }) : [{ path: tokens, value }]
  }
  let found: readonly Found[] = [{ path: [], value: data }]
  for (const token of tokens)
    found = found.flatMap((one) => {
      const { value } = one
      if (!isBox(value)) return value !== null && ['{n}', '{*}', '0'].includes(token) ? [one] : []
      return below(one).filter(({ path: to }) => fits(to.at(-1) as string, token))
    })
  return found
}

const fits = (key: string, token: string): boolean =>
  token === '{*}' || (token === '{n}' ? /^-?\d+$/.test(key) : token === '{s}' ? !/^-?\d+$/.test(key) : key === token)

/** PHP 8's `==` of two single values. */
export function same(a: Json, b: Json): boolean {
  if (isBox(a) || isBox(b)) return JSON.stringify(a) === JSON.stringify(b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return truthy(a) === truthy(b)
  const [left, right] = [a ?? '', b ?? '']
  const number = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i
  if (number.test(String(left)) && number.test(String(right))) return Number(left) === Number(right)
  return String(left) === String(right)
}
const truthy = (value: Json): boolean =>
  value !== null && value !== '' && value !== '0' && value !== 0 && value !== false

export interface Condition {
  readonly path: Json
  readonly operator: Json
  readonly value: Json
}

/** Whether MISP's filter keeps the item; null where it is not decided here. */
export function keeps(item: Json, { path, operator, value }: Condition): boolean | null {
  const found =
    path === ''
      ? isBox(item)
        ? find(item, '')
        : [{ path: [], value: item }]
      : isBox(item)
        ? read(item, String(path))
        : null
  if (found === null) return null
  const values = found.map((one) => one.value)
  // Without a path MISP looks for a first item in the item itself, and compares null.
  const first = path === '' && isBox(item) ? (at(item, ['0']) ?? null) : values[0]
  const has = (one: Json): boolean => values.some((each) => same(each, one))
  switch (operator) {
    case 'in':
      return has(value)
    case 'not_in':
      return !has(value)
    case 'equals':
      return first !== undefined && same(first, value)
    case 'not_equals':
      return first === undefined ? null : !same(first, value)
    case 'any_value':
      return values.length > 0
    case 'in_or':
      return Array.isArray(value) ? (value as Json[]).some(has) : false
    case 'not_in_or':
      return Array.isArray(value) ? !(value as Json[]).some(has) : false
    default:
      return null
  }
}

/** As filters read one item: a plain path to a single value finds that value. */
function read(item: Json, path: string): readonly Found[] | null {
  if (path.includes('{') || path.includes('[')) return find(item, path)
  const value = at(item, path.split('.'))
  return isBox(value)
    ? find(item, path)
    : value === undefined || value === null
      ? []
      : [{ path: path.split('.'), value }]
}

/** How many items of the list at `path` are left by the filters that are on in the data; null where it is not decided here. */
export function countThrough(data: Json, path: string): number | null {
  const list = path.replace(/\.\{n\}$/, '')
  const numbered = find(data, `${list}.{n}`) ?? []
  // What filters do with keys that are no numbers is in the vectors, not decided here.
  if (find(data, `${list}.{*}`)?.length !== numbered.length) return null
  let items = numbered.map((one) => one.value)
  const filters = at(data, ['enabledFilters'])
  for (const filter of isBox(filters) ? Object.values(filters) : []) {
    const selector = at(filter as Json, ['selector'])
    if (typeof selector !== 'string') return null
    if (selector.replace(/\.\{n\}$/, '') !== list) {
      if (list.startsWith(selector.split('.{n}')[0] ?? '')) return null
      continue
    }
    const [path = '', operator = '', value = ''] = ['path', 'operator', 'value'].map((key) => at(filter as Json, [key]))
    const kept = items.map((item) => keeps(item, { path, operator, value }))
    if (kept.includes(null)) return null
    items = items.filter((_, i) => kept[i])
  }
  return items.length
}

const line = (text: string): string => text.replace(/\s+/g, ' ')

/** Whether a shown text is that value: in one line, cut at the end or hidden where that is said. */
export function shows(shown: string, value: Json | undefined): boolean {
  if (value === undefined) return shown === '' || shown === 'null'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (shown === '') return text === '' || text === '[]' || text === '{}' || text === 'null' || text.trim() === ''
  if (shown.includes('•') || shown.includes('…@')) return true
  const cut = /(\.\.\.|…)$/.test(shown) ? shown.replace(/(\.\.\.|…)$/, '') : null
  if (line(text) === shown || (cut !== null && line(text).startsWith(cut))) return true
  return isBox(value) && isNamed(cut ?? shown, value)
}

/** MISP's things are named by a few of their fields, other maps by their keys, lists by their items. */
function isNamed(shown: string, value: JsonMap): boolean {
  const fields = [['type', 'value'], ['info'], ['tag_name'], ['name'], ['value'], ['uuid'], ['id']]
  const names = fields.map((keys) => line(keys.map((key) => String(value[key] ?? '\0')).join(' ')))
  if (names.some((name) => name === shown || name.startsWith(shown) || name.startsWith(shown.replace(/….*$/, ''))))
    return true
  const parts = Object.values(value)
  const sizes = /^\[(\d+)\]$/.exec(shown)
  if (sizes) return Object.keys((parts[0] as object | undefined) ?? {}).length === Number(sizes[1])
  if (parts.length === 1 && isBox(parts[0] as Json) && isNamed(shown, parts[0] as JsonMap)) return true
  const words = line(JSON.stringify(value))
  return shown.split(/[, …[\]{}]+/).every((word) => words.includes(JSON.stringify(word).slice(1, -1)))
}
