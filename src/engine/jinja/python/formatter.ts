// str.format in the sandbox: Python's string.Formatter, with attributes and items read as templates read them.
import { PyError, typeError, valueError } from './errors.ts'
import { convertField, formatValue } from './format-spec.ts'
import { claimText } from './limits.ts'
import { subscript } from './subscript.ts'
import { escapeHtml } from './text.ts'
import { Markup, PyDict, PyFunction, type Py } from './values.ts'

/** How a template reads attributes and items; passed in, since attributes of texts lead here in turn. */
export interface Readers {
  readonly attribute: (value: Py, name: string) => Py
  readonly item: (value: Py, key: Py) => Py
}

interface Field {
  readonly name: string
  readonly conversion: string | null
  readonly spec: string
}

interface Piece {
  readonly literal: string
  readonly field: Field | null
}

/** Splits a format string into literal text and fields, one at a time: errors come when Python's parser gets to them. */
function* parseFormat(format: string): Generator<Piece, void, undefined> {
  let at = 0
  let literal = ''
  while (at < format.length) {
    const char = format[at] as string
    if (char !== '{' && char !== '}') {
      const end = nextBrace(format, at)
      literal += format.slice(at, end)
      at = end
    } else if (format[at + 1] === char) {
      literal += char
      at += 2
    } else if (char === '}') {
      throw valueError("Single '}' encountered in format string")
    } else {
      if (at + 1 >= format.length) throw valueError("Single '{' encountered in format string")
      const { field, next } = parseField(format, at + 1)
      yield { literal, field }
      literal = ''
      at = next
    }
  }
  if (literal !== '') yield { literal, field: null }
}

function nextBrace(format: string, from: number): number {
  let at = from
  while (at < format.length && format[at] !== '{' && format[at] !== '}') at++
  return at
}

function parseField(format: string, start: number): { field: Field; next: number } {
  let at = start
  for (; at < format.length; at++) {
    const char = format[at] as string
    if (char === '{') throw valueError("unexpected '{' in field name")
    if (char === '[') {
      while (at < format.length && format[at] !== ']') at++
    } else if (char === '}' || char === ':' || char === '!') break
  }
  const end = format[at]
  if (end === undefined) throw valueError("expected '}' before end of string")
  const name = format.slice(start, at)
  if (end === '}') return { field: { name, conversion: null, spec: '' }, next: at + 1 }
  at++
  let conversion: string | null = null
  if (end === '!') {
    const char = format[at]
    if (char === undefined) throw valueError('end of string while looking for conversion specifier')
    conversion = String.fromCodePoint(format.codePointAt(at) as number)
    at += conversion.length
    const after = format[at]
    if (after === '}') return { field: { name, conversion, spec: '' }, next: at + 1 }
    if (after !== undefined && after !== ':') throw valueError("expected ':' after conversion specifier")
    at++
  }
  return parseSpecText(format, at, name, conversion)
}

function parseSpecText(
  format: string,
  start: number,
  name: string,
  conversion: string | null
): { field: Field; next: number } {
  let depth = 1
  for (let at = start; at < format.length; at++) {
    if (format[at] === '{') depth++
    else if (format[at] === '}' && --depth === 0) {
      return { field: { name, conversion, spec: format.slice(start, at) }, next: at + 1 }
    }
  }
  throw valueError("unmatched '{' in format spec")
}

interface Path {
  readonly first: string | number
  readonly rest: readonly { attribute: boolean; key: string | number }[]
}

const asKey = (text: string): string | number => (/^[0-9]+$/.test(text) ? Number(text) : text)

function parsePath(name: string): Path {
  const first = /^[^.[]*/.exec(name)?.[0] ?? ''
  const rest: { attribute: boolean; key: string | number }[] = []
  let at = first.length
  while (at < name.length) {
    if (name[at] === '.') {
      const attribute = /^[^.[]*/.exec(name.slice(at + 1))?.[0] ?? ''
      if (attribute === '') throw valueError('Empty attribute in format string')
      rest.push({ attribute: true, key: attribute })
      at += 1 + attribute.length
    } else if (name[at] === '[') {
      const end = name.indexOf(']', at)
      if (end < 0) throw valueError("Missing ']' in format string")
      if (end === at + 1) throw valueError('Empty attribute in format string')
      rest.push({ attribute: false, key: asKey(name.slice(at + 1, end)) })
      at = end + 1
    } else throw valueError("Only '.' or '[' may follow ']' in format field specifier")
  }
  return { first: asKey(first), rest }
}

/** One call of format or format_map; counts automatic fields over nested specifications. */
class Formatting {
  readonly #args: readonly Py[]
  readonly #named: Py
  readonly #escape: boolean
  readonly #read: Readers
  #auto: number | null = 0
  constructor(args: readonly Py[], named: Py, escape: boolean, read: Readers) {
    this.#args = args
    this.#named = named
    this.#escape = escape
    this.#read = read
  }
  run(format: string, depth: number): string {
    if (depth < 0) throw valueError('Max string recursion exceeded')
    let result = ''
    for (const { literal, field } of parseFormat(format)) {
      result += literal
      if (field !== null) result += this.#field(field, depth)
      claimText(result.length >> 4)
    }
    return result
  }
  #field(field: Field, depth: number): string {
    const name = this.#numbered(field.name)
    const path = parsePath(name)
    let value = this.#value(path.first)
    for (const step of path.rest) {
      value = step.attribute ? this.#read.attribute(value, String(step.key)) : this.#read.item(value, step.key)
    }
    if (field.conversion !== null) value = convertField(value, field.conversion)
    return this.#print(value, this.run(field.spec, depth - 1))
  }
  #numbered(name: string): string {
    if (name === '') {
      if (this.#auto === null) {
        throw valueError('cannot switch from manual field specification to automatic field numbering')
      }
      return String(this.#auto++)
    }
    if (/^[0-9]+$/.test(name)) {
      if (this.#auto !== null && this.#auto > 0) {
        throw valueError('cannot switch from manual field specification to automatic field numbering')
      }
      this.#auto = null
    }
    return name
  }
  #value(first: string | number): Py {
    if (typeof first === 'number') {
      const value = this.#args[first]
      if (value === undefined) throw new PyError('IndexError', 'tuple index out of range')
      return value
    }
    return subscript(this.#named, first)
  }
  #print(value: Py, spec: string): string {
    if (!this.#escape) return formatValue(value, spec)
    if (value instanceof Markup) {
      if (spec !== '') throw valueError('Unsupported format specification for Markup.')
      return value.text
    }
    return escapeHtml(formatValue(value, spec))
  }
}

// A Markup escapes what it takes in.
function formatText(format: string | Markup, args: readonly Py[], named: Py, read: Readers): Py {
  const escape = format instanceof Markup
  const text = new Formatting(args, named, escape, read).run(escape ? format.text : format, 2)
  claimText(text.length)
  return escape ? new Markup(text) : text
}

/** str.format and str.format_map as the sandbox replaces them. */
export function formatMethod(self: string | Markup, name: string, read: Readers): PyFunction {
  return new PyFunction(`${typeof self === 'string' ? 'str' : 'Markup'}.${name}`, 'function', (args, kwargs) => {
    if (name === 'format') {
      const named = new PyDict()
      for (const [key, value] of kwargs) named.set(key, key, value)
      return formatText(self, args, named, read)
    }
    if (kwargs.size > 0) throw typeError('format_map() takes no keyword arguments')
    if (args.length !== 1) throw typeError(`format_map() takes exactly one argument (${args.length} given)`)
    return formatText(self, [], args[0] as Py, read)
  })
}
