// Writes a JSON value so that everything that did not change since it was read stands as it stood: its spaces, the order of its
// keys, its numbers and escapes. What changed is written in the manner of the text around it.
import type { Json, JsonMap } from '../../contract/json.ts'

interface Span {
  readonly start: number
  readonly end: number
  readonly members?: ReadonlyMap<string, Span>
  readonly items?: readonly Span[]
  readonly value?: Json
}

class Broken extends Error {}

/** Where each part of a JSON text stands. The text is known to be JSON. */
function spansOf(text: string): Span {
  let at = 0
  const skip = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++
  }
  const string = (): string => {
    const start = at
    at++
    while (text[at] !== '"') {
      if (at >= text.length) throw new Broken()
      at += text[at] === '\\' ? 2 : 1
    }
    at++
    return JSON.parse(text.slice(start, at)) as string
  }
  const collection = (close: string, each: () => void): void => {
    at++
    skip()
    while (text[at] !== close) {
      each()
      skip()
      if (text[at] === ',') at++
      else if (text[at] !== close) throw new Broken()
      skip()
    }
    at++
  }
  const value = (): Span => {
    skip()
    const start = at
    const first = text[at]
    if (first === '{') {
      const members = new Map<string, Span>()
      collection('}', () => {
        const name = string()
        skip()
        if (text[at++] !== ':') throw new Broken()
        members.set(name, value())
      })
      return { start, end: at, members }
    }
    if (first === '[') {
      const items: Span[] = []
      collection(']', () => items.push(value()))
      return { start, end: at, items }
    }
    if (first === '"') return { value: string(), start, end: at }
    while (at < text.length && !',]} \t\r\n'.includes(text[at] as string)) at++
    if (at === start) throw new Broken()
    return { start, end: at, value: JSON.parse(text.slice(start, at)) as Json }
  }
  return value()
}

/** Does the part say this value? An empty map and an empty list are the same to PHP, as are a list and a map with its indexes. */
function says(span: Span, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return span.value !== undefined && Object.is(span.value, value)
  const parts = partsOf(span)
  if (parts === null) return false
  const names = Object.keys(value)
  if (names.length !== parts.size) return false
  if (!Array.isArray(value) && span.items && span.items.length > 0) return false
  return names.every((name) => {
    const part = parts.get(name)
    return part !== undefined && says(part, (value as JsonMap)[name] as Json)
  })
}

function partsOf(span: Span): ReadonlyMap<string, Span> | null {
  if (span.members) return span.members
  return span.items ? new Map(span.items.map((item, i) => [String(i), item])) : null
}

/** The indentation of the text: what one level adds; empty for a text on one line. */
function styleOf(text: string): { readonly indent: string; readonly newline: string; readonly colon: string } {
  const newline = /\r\n/.test(text) ? '\r\n' : '\n'
  const indent = /^[{[]\r?\n([ \t]+)\S/.exec(text.trimStart())?.[1] ?? ''
  const spaced = indent !== '' || /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s/.test(text)
  return { indent, newline, colon: spaced ? ': ' : ':' }
}

/**
 * `value` as JSON text, in which all parts that `original` says already stand as there.
 * @param original JSON; a text that is none is ignored
 */
export function writePreserving(original: string, value: Json): string {
  let root: Span
  try {
    root = spansOf(original)
  } catch {
    return JSON.stringify(value, null, 4)
  }
  const { indent, newline, colon } = styleOf(original)
  const oneLine = indent === '' && !/\n/.test(original.trim())
  const slashes = original.includes('\\/')
  const ascii = /\\u[0-9a-fA-F]{4}/.test(original) && !/[^\x00-\x7f]/.test(original)
  const scalar = (plain: Json): string => {
    let text = JSON.stringify(plain)
    if (slashes) text = text.replaceAll('/', '\\/')
    if (ascii) text = text.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    return text
  }
  const write = (span: Span | undefined, part: Json, depth: number): string => {
    if (span && says(span, part)) return original.slice(span.start, span.end)
    if (typeof part !== 'object' || part === null) return scalar(part)
    const parts = span ? partsOf(span) : null
    const list = Array.isArray(part)
    // Keys keep the order they had; JavaScript would sort those that look like numbers.
    const known = parts ? [...parts.keys()].filter((name) => Object.hasOwn(part, name)) : []
    const names = list ? Object.keys(part) : [...known, ...Object.keys(part).filter((name) => !parts?.has(name))]
    if (names.length === 0) return list ? '[]' : '{}'
    const written = names.map((name) => {
      const text = write(parts?.get(name), (part as JsonMap)[name] as Json, depth + 1)
      return list ? text : `${scalar(name)}${colon}${text}`
    })
    const [open, close] = list ? ['[', ']'] : ['{', '}']
    if (oneLine) return `${open}${written.join(colon === ': ' ? ', ' : ',')}${close}`
    const inner = newline + indent.repeat(depth + 1)
    return `${open}${inner}${written.join(`,${inner}`)}${newline}${indent.repeat(depth)}${close}`
  }
  const before = /^\s*/.exec(original)?.[0] ?? ''
  const after = original.slice(original.trimEnd().length)
  return before + write(root, value, 0) + after
}
