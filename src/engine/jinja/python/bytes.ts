// bytes, as str.encode() answers them.
import { PyError, typeError } from './errors.ts'
import { claimText } from './limits.ts'
import { needText } from './methods.ts'
import { repr } from './repr.ts'
import { latin1, utf8 } from './text.ts'
import { PyBytes, PyFunction, PyList, PyTuple, type Py } from './values.ts'

const ALIASES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  utf_8: 'utf-8',
  u8: 'utf-8',
  'utf-8-sig': 'utf-8-sig',
  us_ascii: 'ascii',
  'us-ascii': 'ascii',
  646: 'ascii',
  latin1: 'latin-1',
  latin_1: 'latin-1',
  'iso-8859-1': 'latin-1',
  'iso8859-1': 'latin-1',
  l1: 'latin-1'
}

function codec(name: Py | undefined): string {
  if (name === undefined) return 'utf-8'
  const given = needText(name, (type) => `encode() argument 'encoding' must be str, not ${type}`)
  const lower = given.toLowerCase()
  const known = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower
  if (['utf-8', 'ascii', 'latin-1', 'utf-8-sig'].includes(known)) return known
  throw new PyError('LookupError', `unknown encoding: ${given}`)
}

/** str.encode for the encodings that a text may be wanted in: UTF-8, ASCII, Latin-1. */
export function encode(text: string, encoding: Py | undefined, errors: Py | undefined): PyBytes {
  const name = codec(encoding)
  claimText(text.length * 3)
  if (name === 'utf-8') return new PyBytes(utf8(text))
  if (name === 'utf-8-sig') return new PyBytes(Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8(text)]))
  const handling =
    errors === undefined ? 'strict' : needText(errors, (type) => `encode() argument 'errors' must be str, not ${type}`)
  const limit = name === 'ascii' ? 128 : 256
  const bytes: number[] = []
  let position = 0
  for (const char of text) {
    const code = char.codePointAt(0) as number
    if (code < limit) bytes.push(code)
    else for (const unit of substitute(char, handling, name, position, limit)) bytes.push(unit.charCodeAt(0))
    position++
  }
  return new PyBytes(Uint8Array.from(bytes))
}

function substitute(char: string, handling: string, codecName: string, position: number, limit: number): string {
  const code = char.codePointAt(0) as number
  switch (handling) {
    case 'ignore':
      return ''
    case 'replace':
      return '?'
    case 'xmlcharrefreplace':
      return `&#${code};`
    case 'backslashreplace':
      return code < 0x100
        ? `\\x${code.toString(16)}`
        : code < 0x10000
          ? `\\u${code.toString(16).padStart(4, '0')}`
          : `\\U${code.toString(16).padStart(8, '0')}`
    case 'strict':
      throw new PyError(
        'UnicodeEncodeError',
        `'${codecName}' codec can't encode character ${repr(char)} in position ${position}: ordinal not in range(${limit})`
      )
    default:
      throw new PyError('LookupError', `unknown error handler name '${handling}'`)
  }
}

function fromLatin1(text: string): PyBytes {
  return new PyBytes(Uint8Array.from(text, (char) => char.charCodeAt(0)))
}

function decode(bytes: PyBytes, args: readonly Py[]): string {
  const name = codec(args[0])
  if (name === 'latin-1') return latin1(bytes.data)
  let text = ''
  const data = bytes.data
  for (let at = name === 'utf-8-sig' && data[0] === 0xef ? 3 : 0; at < data.length;) {
    const first = data[at] as number
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    if (name === 'ascii' && first > 0x7f) throw decodeError('ascii', first, at)
    let code = length === 1 ? first : first & (0xff >> (length + 1))
    for (let more = 1; more < length; more++) {
      const next = data[at + more]
      if (next === undefined || (next & 0xc0) !== 0x80) throw decodeError('utf-8', first, at)
      code = (code << 6) | (next & 63)
    }
    if ((first & 0xc0) === 0x80 || code > 0x10ffff) throw decodeError('utf-8', first, at)
    text += String.fromCodePoint(code)
    at += length
  }
  return text
}

function decodeError(codecName: string, byte: number, position: number): PyError {
  return new PyError(
    'UnicodeDecodeError',
    `'${codecName}' codec can't decode byte 0x${byte.toString(16)} in position ${position}: invalid data`
  )
}

/** Methods of bytes: decode and hex by themselves, the rest as those of a str over Latin-1. */
export function bytesMethod(
  self: PyBytes,
  name: string,
  overText: (text: string, name: string) => PyFunction | undefined
): PyFunction | undefined {
  const builtin = (call: PyFunction['call']): PyFunction =>
    new PyFunction(name, 'builtin_function_or_method', call, self)
  if (name === 'decode') {
    return builtin((args, kwargs) => decode(self, args.length > 0 ? args : [...kwargs.values()]))
  }
  if (name === 'hex') {
    return builtin(() => Array.from(self.data, (byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
  if (['encode', 'casefold', 'isdecimal', 'isidentifier', 'isnumeric', 'isprintable'].includes(name)) return undefined
  const method = overText(latin1(self.data), name)
  if (method === undefined || name === 'format' || name === 'format_map') return undefined
  return builtin((args, kwargs) => toBytes(method.call(args.map(toText), kwargs)))
}

function toText(value: Py): Py {
  if (value instanceof PyBytes) return latin1(value.data)
  if (value instanceof PyTuple) return new PyTuple(value.items.map(toText))
  if (value instanceof PyList) return new PyList(value.items.map(toText))
  if (typeof value === 'string') throw typeError("a bytes-like object is required, not 'str'")
  return value
}

function toBytes(value: Py): Py {
  if (typeof value === 'string') return fromLatin1(value)
  if (value instanceof PyTuple) return new PyTuple(value.items.map(toBytes))
  return value instanceof PyList ? new PyList(value.items.map(toBytes)) : value
}
