// A value in one line, for lists and sentences: MISP's things by what names them, everything else cut short.
import { isUnknownMap, plainText, type Json, type JsonMap } from '../../contract/json.ts'

/** Characters of a preview at most. */
const previewLength = 120

/** Keys of wide maps, kept while the map lives: paging through 100,000 entries must not list them again and again. */
const wideKeys = new WeakMap<object, readonly string[]>()

export function keysOf(map: JsonMap): readonly string[] {
  const known = wideKeys.get(map)
  if (known) return known
  const keys = Object.keys(map)
  if (keys.length > 1000) wideKeys.set(map, keys)
  return keys
}

const clip = (text: string, length = previewLength): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

/** Keys that name MISP's things, in the order in which they are looked for. */
const names: readonly (readonly string[])[] = [
  ['type', 'value'],
  ['info'],
  ['tag_name'],
  ['name'],
  ['email'],
  ['namespace'],
  ['value'],
  ['uuid'],
  ['id']
]

export function previewOf(value: Json | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return clip(value.slice(0, previewLength + 1).replace(/\s+/g, ' '))
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const first = (value as readonly Json[]).slice(0, 3).map((item) => nameOf(item) ?? shortly(item))
    return clip(`${first.join(', ')}${value.length > 3 ? ', …' : ''}`)
  }
  const name = nameOf(value as Json)
  if (name !== null) return clip(name)
  const keys = keysOf(value as JsonMap)
  if (keys.length === 0) return '{}'
  return clip(`${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''}`)
}

/** Characters before the first difference that are shown. */
const lead = 24

/**
 * Two values that differ, each in one line: where the beginnings are alike, from shortly before the place where they part. White space that
 * alone differs is written out.
 */
export function previewsOf(before: Json | undefined, after: Json | undefined): readonly [string, string] {
  const shown = [previewOf(before), previewOf(after)] as const
  if (shown[0] !== shown[1]) return shown
  const [one, other] = [wholeOf(before), wholeOf(after)]
  if (one === other) return shown
  return [fromParting(one, other), fromParting(other, one)]
}

const wholeOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

function fromParting(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  const from = at > lead ? at - lead : 0
  const piece = text.slice(from, from + previewLength)
  const written = piece.replace(/[\n\r\t]/g, (one) => JSON.stringify(one).slice(1, -1))
  return clip(`${from > 0 ? '…' : ''}${written}${from + previewLength < text.length ? '…' : ''}`)
}

const shortly = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.length}]`
  return value !== null && typeof value === 'object' ? '{…}' : clip(String(value), 40)
}

function nameOf(value: Json): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const map = value as JsonMap
  for (const keys of names) {
    const parts = keys.map((key) => (Object.hasOwn(map, key) ? map[key] : undefined))
    if (parts.every((part) => (typeof part === 'string' && part !== '') || typeof part === 'number')) {
      return parts.map((part) => clip(plainText(part).replace(/\s+/g, ' '), 80)).join(' ')
    }
  }
  // What MISP wraps ({"Event": {…}}, {"Taxonomy": {…}, "total_count": 4}) is named by what is inside.
  const [first, ...others] = keysOf(map)
  if (first === undefined || (others.length > 0 && !isWrapper(first, map[first]))) return null
  return nameOf(map[first] ?? null)
}

/** How MISP's models are called, with their row behind it. */
const isWrapper = (key: string, value: Json | undefined): boolean => /^[A-Z]/.test(key) && isUnknownMap(value)
