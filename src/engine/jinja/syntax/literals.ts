// Escapes in string literals, as Python's unicode-escape codec reads them.
import { valueError } from '../python/errors.ts'
import { asciiText } from '../python/format-spec.ts'
import { characterNamed } from '../data/character-names.ts'

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v'
}

const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const TRUNCATED: Readonly<Record<string, string>> = {
  x: 'truncated \\xXX escape',
  u: 'truncated \\uXXXX escape',
  U: 'truncated \\UXXXXXXXX escape'
}

/** The text of a literal's body; throws ValueError with the codec's words. */
export function decodeLiteral(body: string): string {
  if (!body.includes('\\')) return body
  // Jinja escapes everything beyond ASCII first, so a backslash before such a character escapes that backslash.
  const text = asciiText(body)
  let result = ''
  let at = 0
  while (at < text.length) {
    const backslash = text.indexOf('\\', at)
    if (backslash < 0) return result + text.slice(at)
    result += text.slice(at, backslash)
    const { value, next } = decodeEscape(text, backslash + 1)
    result += value
    at = next
  }
  return result
}

function decodeEscape(text: string, at: number): { value: string; next: number } {
  const char = text[at]
  if (char === undefined) throw valueError('\\ at end of string')
  if (Object.hasOwn(SIMPLE, char)) return { value: SIMPLE[char] as string, next: at + 1 }
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0]
  if (octal !== undefined) return { value: String.fromCodePoint(parseInt(octal, 8)), next: at + octal.length }
  const length = HEX_LENGTH[char]
  if (length !== undefined) return decodeHex(text, at, char, length)
  if (char === 'N') return decodeName(text, at)
  return { value: `\\${char}`, next: at + 1 }
}

function decodeHex(text: string, at: number, kind: string, length: number): { value: string; next: number } {
  const digits = text.slice(at + 1, at + 1 + length)
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) throw valueError(TRUNCATED[kind] as string)
  const code = parseInt(digits, 16)
  if (code > 0x10ffff) throw valueError('illegal Unicode character')
  return { value: String.fromCodePoint(code), next: at + 1 + length }
}

function decodeName(text: string, at: number): { value: string; next: number } {
  const match = /^\{([^}]+)\}/.exec(text.slice(at + 1))
  if (match === null) throw valueError('malformed \\N character escape')
  const value = characterNamed(match[1] as string)
  if (value === undefined) throw valueError('unknown Unicode character name')
  return { value, next: at + 1 + match[0].length }
}
