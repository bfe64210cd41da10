// markupsafe's striptags and unescape.
import { HTML_ENTITIES, NUMERIC_REFERENCES } from '../data/html-entities.ts'
import { tick } from './limits.ts'
import { splitSpaces } from './text.ts'

const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu

const fromCodes = (codes: string): string =>
  codes
    .split('+')
    .map((code) => String.fromCodePoint(parseInt(code, 16)))
    .join('')

let named: Map<string, string> | null = null
let numeric: Map<number, string> | null = null

function namedReferences(): Map<string, string> {
  if (named !== null) return named
  named = new Map()
  for (const entry of HTML_ENTITIES.trim().split(/\s+/)) {
    const [name, codes] = entry.split('=') as [string, string]
    const bare = name.replace('!', '')
    named.set(`${bare};`, fromCodes(codes))
    if (bare !== name) named.set(bare, fromCodes(codes))
  }
  return named
}

function numericReferences(): Map<number, string> {
  numeric ??= new Map(
    NUMERIC_REFERENCES.split(' ').map((entry) => {
      const [code, codes] = entry.split('=') as [string, string]
      return [parseInt(code, 16), fromCodes(codes)]
    })
  )
  return numeric
}

// Control characters and noncharacters, which HTML5 drops.
function isInvalid(code: number): boolean {
  if (code >= 1 && code <= 8) return true
  if (code === 0xb || (code >= 0xe && code <= 0x1f) || (code >= 0x7f && code <= 0x9f)) return true
  return (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe
}

function numericReference(text: string): string {
  const hex = text[1] === 'x' || text[1] === 'X'
  const code = hex ? parseInt(text.slice(2), 16) : parseInt(text.slice(1), 10)
  const known = numericReferences().get(code)
  if (known !== undefined) return known
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd'
  if (code !== 0x81 && code !== 0x8d && code !== 0x8f && code !== 0x90 && code !== 0x9d && isInvalid(code)) return ''
  return String.fromCodePoint(code)
}

/** html.unescape */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text
  tick(text.length >> 4)
  return text.replace(REFERENCE, (_whole, body: string) => {
    if (body.startsWith('#')) return numericReference(body)
    const table = namedReferences()
    const exact = table.get(body)
    if (exact !== undefined) return exact
    for (let end = body.length - 1; end > 1; end--) {
      const prefix = table.get(body.slice(0, end))
      if (prefix !== undefined) return prefix + body.slice(end)
    }
    return `&${body}`
  })
}

/** Drops what lies between `open` and `close`, as often as both are found. */
function drop(text: string, open: string, close: string): string {
  let result = ''
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    const end = start < 0 ? -1 : text.indexOf(close, start)
    if (end < 0) return result + text.slice(at)
    result += text.slice(at, start)
    at = end + close.length
  }
}

/** Markup.striptags */
export function stripTags(text: string): string {
  tick(text.length >> 4)
  const bare = drop(dropComments(text), '<', '>')
  return unescapeHtml(splitSpaces(bare, -1).join(' '))
}

// Each comment is looked for from the beginning again, as what is left may form a new opening.
function dropComments(text: string): string {
  let value = text
  for (;;) {
    const start = value.indexOf('<!--')
    const end = start < 0 ? -1 : value.indexOf('-->', start)
    if (end < 0) return value
    tick(value.length >> 6)
    value = value.slice(0, start) + value.slice(end + 3)
  }
}
