// What an editor of templates asks: where an error is, and what may come next.
import type { Json, JsonMap } from '../../contract/json.ts'
import { rtrim } from '../php/cast.ts'
import { collectionMethodNames } from './python/collection-methods.ts'
import { templateNames, type NameDoc } from './names.ts'
import { renderTemplate, type RenderOptions, type TemplateError } from './render.ts'
import { textMethodNames } from './python/text-methods.ts'
import { isMap } from '../php/values.ts'

export interface Diagnosis extends TemplateError {
  /** The place of the line in the template, in UTF-16 units; the whole template where no line is known. */
  readonly from: number
  readonly to: number
}

/** Renders and returns the error with its place; null when the template renders. */
export function diagnose(template: string, data: Json, options: RenderOptions = {}): Diagnosis | null {
  const { error } = renderTemplate(template, data, options)
  if (error === undefined) return null
  return { ...error, ...placeOfLine(template, error.line) }
}

function placeOfLine(template: string, line: number | null): { from: number; to: number } {
  if (line === null) return { from: 0, to: template.length }
  let from = 0
  let current = 1
  for (const end of template.matchAll(/\r\n|\r|\n/g)) {
    if (current === line) return { from, to: end.index }
    from = end.index + end[0].length
    current++
  }
  return { from, to: template.length }
}

type CompletionKind = 'field' | 'variable' | 'filter' | 'test' | 'global' | 'tag' | 'method'

interface Completion {
  readonly label: string
  readonly kind: CompletionKind
  /** What the value is, or one line about the name. */
  readonly detail: string
  /** What to write instead of the label; for keys that a dot cannot reach it replaces the dot too. */
  readonly insert: string
}

export interface Completions {
  /** What the completion replaces, in UTF-16 units. */
  readonly from: number
  readonly to: number
  readonly items: readonly Completion[]
}

interface Place {
  readonly statement: boolean
  /** The text from the opening of the tag to the cursor. */
  readonly inside: string
  readonly start: number
}

function placeAt(template: string, offset: number): Place | null {
  const before = template.slice(0, offset)
  const start = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'))
  if (start < 0 || before.lastIndexOf('{#') > start) return null
  const inside = before.slice(start + 2)
  if (inside.includes('}}') || inside.includes('%}')) return null
  return inQuotes(inside) ? null : { statement: before[start + 1] === '%', inside, start }
}

function inQuotes(text: string): boolean {
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (quote === '') quote = char === "'" || char === '"' ? char : ''
    else if (char === '\\') at++
    else if (char === quote) quote = ''
  }
  return quote !== ''
}

const docs = (list: readonly NameDoc[], kind: CompletionKind): Completion[] =>
  list.map(({ name, doc }) => ({ label: name, kind, detail: doc, insert: name }))

const words = (names: readonly string[], kind: CompletionKind, detail: string): Completion[] =>
  names.map((name) => ({ label: name, kind, detail, insert: name }))

/** Completions at `offset`: fields and methods after a dot, filters after a bar, tests after `is`, else names and tags. */
export function completeAt(template: string, offset: number, data: Json): Completions {
  const none = { from: offset, to: offset, items: [] }
  const place = placeAt(template, offset)
  if (place === null) return none
  const word = wordAtEnd(place.inside)
  const before = place.inside.slice(0, place.inside.length - word.length)
  const from = offset - word.length
  const known = withWord(candidates(template, place, before, from, data), word)
  return { from, to: offset, items: known }
}

function withWord(items: readonly Completion[], word: string): Completion[] {
  const start = word.toLowerCase()
  return items.filter(({ label }) => label.toLowerCase().startsWith(start))
}

function wordAtEnd(text: string): string {
  let begin = text.length
  while (begin > 0) {
    // A character beyond the first plane is two units.
    const char = /[\udc00-\udfff]/.test(text[begin - 1] as string) ? text.slice(begin - 2, begin) : text[begin - 1]
    if (char === undefined || !/^[\p{L}\p{N}_]$/u.test(char)) break
    begin -= char.length
  }
  return text.slice(begin)
}

function candidates(template: string, place: Place, before: string, from: number, data: Json): Completion[] {
  const names = templateNames()
  const text = before.trimEnd()
  if (text.endsWith('.')) {
    const value = resolvePath(template.slice(0, place.start), text.slice(0, -1), data, 0)
    return value === undefined ? [] : fieldsOf(value)
  }
  if (text.endsWith('|')) return docs(names.filters, 'filter')
  if (/(^|[^\p{L}\p{N}_])is(\s+not)?$/u.test(text) && before !== text) {
    return docs(
      names.tests.filter(({ name }) => /^[a-z]+$/.test(name)),
      'test'
    )
  }
  if (place.statement && /^[-+]?$/.test(text))
    return [...docs(names.tags, 'tag'), ...endTags(template.slice(0, place.start))]
  return [...variables(template.slice(0, from), data), ...docs(names.globals, 'global')]
}

/** End tags for what is open before the cursor, innermost first. */
function endTags(before: string): Completion[] {
  const open: string[] = []
  for (const [, tag = ''] of before.matchAll(/\{%[-+]?\s*([a-z]+)/g)) {
    if (tag.startsWith('end')) open.pop()
    else if (['for', 'if', 'macro', 'call', 'filter', 'with', 'block', 'autoescape', 'raw'].includes(tag))
      open.push(tag)
  }
  const innermost = open.at(-1)
  if (innermost === undefined) return []
  const also = innermost === 'if' ? ['elif', 'else'] : innermost === 'for' ? ['else'] : []
  return words([...also, `end${innermost}`], 'tag', `Belongs to ${innermost}.`)
}

function describe(value: Json): string {
  if (value === null) return 'None'
  if (Array.isArray(value)) return `list of ${value.length}`
  if (isMap(value)) return `dict of ${Object.keys(value).length}`
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  const text = typeof value === 'string' ? `'${value}'` : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…'` : text
}

function fieldsOf(value: Json): Completion[] {
  if (isMap(value)) return [...keysOf(value), ...words(collectionMethodNames.dict, 'method', 'method of dict')]
  if (Array.isArray(value)) return words(collectionMethodNames.list, 'method', 'method of list')
  return typeof value === 'string' ? words(textMethodNames, 'method', 'method of str') : []
}

function keysOf(map: JsonMap): Completion[] {
  const hidden = new Set(collectionMethodNames.dict)
  return Object.keys(map).map((key) => {
    // A method of dict wins over a key of the same name after a dot, and a dot takes nothing but names.
    const reachable = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) && !hidden.has(key)
    const insert = reachable ? key : `['${key.replace(/[\\']/g, '\\$&')}']`
    return { label: key, kind: 'field', detail: describe(map[key] as Json), insert }
  })
}

const IN_LOOP: Json = { index: 1, index0: 0, first: true, last: false, length: 1, revindex: 1, revindex0: 0, depth: 1 }

function variables(before: string, data: Json): Completion[] {
  const found = new Map<string, Completion>()
  const add = (name: string, detail: string): unknown =>
    found.set(name, { label: name, kind: 'variable', detail, insert: name })
  if (isMap(data)) for (const key of Object.keys(data)) add(key, describe(data[key] as Json))
  for (const [, list = '', end] of before.matchAll(/\{%[-+]?\s*(?:for|set)\s([\p{L}\p{N}_,\s]+)(=|%\})?/gu)) {
    const [names = '', items] = list.split(/\sin\s/, 2)
    if (items === undefined && end === undefined) continue
    for (const name of names.split(',')) if (name.trim() !== '') add(name.trim(), 'set in the template')
  }
  for (const [, name = ''] of before.matchAll(/\{%[-+]?\s*macro\s+([\p{L}\p{N}_]+)/gu))
    add(name, 'macro of the template')
  if (/\{%[-+]?\s*for\s/.test(before)) add('loop', 'the loop around')
  return [...found.values()]
}

const PATH = /([\p{L}_][\p{L}\p{N}_]*)((?:\s*\.\s*[\p{L}\p{N}_]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*)/gu
const STEP = /\.\s*([\p{L}\p{N}_]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/gu
const MAX_STEPS = 8

/** The value of the path at the end of `expression`, following loops and assignments before it; undefined when unknown. */
function resolvePath(before: string, expression: string, data: Json, depth: number): Json | undefined {
  if (depth > MAX_STEPS) return undefined
  const match = [...expression.matchAll(PATH)].at(-1)
  if (match === undefined || match.index + match[0].length < expression.length) return undefined
  let value = resolveName(before, match[1] as string, data, depth)
  for (const step of (match[2] as string).matchAll(STEP)) {
    if (value === undefined) return undefined
    value = child(value, step[1] ?? step[2] ?? step[3] ?? step[4] ?? '')
  }
  return value
}

function child(value: Json, key: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(key)]
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function resolveName(before: string, name: string, data: Json, depth: number): Json | undefined {
  let last: { index: number; expression: string; each: boolean } | null = null
  for (const match of before.matchAll(
    /\{%[-+]?\s*(?:for\s+([\p{L}\p{N}_]+)\s+in\s+|set\s+([\p{L}\p{N}_]+)\s*=\s*)([^%|]*)/gu
  )) {
    if ((match[1] ?? match[2]) === name) {
      const expression = rtrim((match[3] as string).split(/\s(?:if|recursive)\s/, 1)[0]?.trimEnd() as string, '-+ \t\n')
      last = { index: match.index, expression, each: match[1] !== undefined }
    }
  }
  if (last !== null) {
    const value = resolvePath(before.slice(0, last.index), last.expression, data, depth + 1)
    return last.each && Array.isArray(value) ? sample(value) : value
  }
  if (isMap(data) && Object.hasOwn(data, name)) return data[name]
  return name === 'loop' ? IN_LOOP : undefined
}

// Items of a list differ in their keys (Tag, Galaxy), so the fields of several are offered together.
function sample(items: readonly Json[]): Json | undefined {
  const maps = items.slice(0, 50).filter(isMap)
  return maps.length === 0 ? items[0] : Object.fromEntries(maps.reverse().flatMap((map) => Object.entries(map)))
}
