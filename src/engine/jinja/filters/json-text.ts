// json.dumps with sorted keys, and pprint.pformat.
import { append } from '../../../contract/lists.ts'
import { PyError, recursionError, typeError, valueError } from '../python/errors.ts'
import { ordered, sortByKeys } from '../python/compare.ts'
import { claimText, enterFrames, leaveFrames, tick } from '../python/limits.ts'
import { asInt, floatRepr, intRepr } from '../python/numbers.ts'
import { multiply } from '../python/operators.ts'
import { repr, textRepr } from '../python/repr.ts'
import { isSpace, lengthOf, splitLines } from '../python/text.ts'
import { PyDict, PyList, PyTuple, isObject, textOf, typeName, type Py, type PyObject } from '../python/values.ts'

function jsonString(text: string): string {
  claimText(text.length)
  return `"${text.replace(/["\\\x00-\x1f\x7f-\uffff]/g, (char) => {
    const short: Record<string, string> = {
      '"': '\\"',
      '\\': '\\\\',
      '\n': '\\n',
      '\r': '\\r',
      '\t': '\\t',
      '\f': '\\f',
      '\b': '\\b'
    }
    return short[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })}"`
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity'
  return floatRepr(value)
}

function jsonScalar(value: Py): string | undefined {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number' || typeof value === 'bigint') return intRepr(value)
  const text = textOf(value)
  if (text !== undefined) return jsonString(text)
  return isObject(value) && value.kind === 'float' ? jsonFloat(value.value) : undefined
}

function jsonKey(key: Py): string {
  const text = textOf(key)
  if (text !== undefined) return jsonString(text)
  const scalar = jsonScalar(key)
  if (scalar !== undefined) return `"${scalar}"`
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

class JsonWriter {
  readonly #indent: string | null
  readonly #open = new Set<PyObject>()
  constructor(indent: string | null) {
    this.#indent = indent
  }
  write(value: Py, level: number): string {
    tick()
    const scalar = jsonScalar(value)
    if (scalar !== undefined) return scalar
    if (!(value instanceof PyDict || value instanceof PyList || value instanceof PyTuple)) {
      throw typeError(`Object of type ${typeName(value)} is not JSON serializable`)
    }
    if (this.#open.has(value)) throw valueError('Circular reference detected')
    if (!enterFrames(1)) throw recursionError()
    this.#open.add(value)
    const text = value instanceof PyDict ? this.#dict(value, level) : this.#list(value.items, level)
    this.#open.delete(value)
    leaveFrames(1)
    claimText(text.length)
    return text
  }
  #list(items: readonly Py[], level: number): string {
    return this.#wrap(
      '[',
      ']',
      items.map((item) => this.write(item, level + 1)),
      level
    )
  }
  #dict(dict: PyDict, level: number): string {
    const keys = dict.keys()
    const order = sortByKeys(
      keys.map((_, index) => index),
      keys,
      false
    ) as number[]
    const values = dict.values()
    const parts = order.map((index) => `${jsonKey(keys[index] as Py)}: ${this.write(values[index] as Py, level + 1)}`)
    return this.#wrap('{', '}', parts, level)
  }
  #wrap(open: string, close: string, parts: readonly string[], level: number): string {
    if (parts.length === 0) return open + close
    if (this.#indent === null) return open + parts.join(', ') + close
    claimText(this.#indent.length * (level + 1) * parts.length)
    const line = `\n${this.#indent.repeat(level + 1)}`
    return open + line + parts.join(`,${line}`) + `\n${this.#indent.repeat(level)}` + close
  }
}

/** What the filter tojson prints: safe inside HTML. */
export function htmlSafeJson(value: Py, indent: Py): string {
  const unit = indent === null ? null : (textOf(indent) ?? (multiply(' ', asInt(indent) ?? indent) as string))
  return new JsonWriter(unit).write(value, 0).replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
}

const WIDTH = 80

// Python orders keys that cannot be compared by their type; sorting never fails here.
function safelySorted(dict: PyDict): { keys: Py[]; values: Py[] } {
  const keys = [...dict.keys()]
  const values = dict.values()
  const order = keys.map((_, index) => index)
  const less = (a: Py, b: Py): boolean => {
    try {
      return ordered('<', a, b)
    } catch (error) {
      if (error instanceof PyError && error.type === 'TypeError') return typeName(a) < typeName(b)
      throw error
    }
  }
  order.sort((a, b) => (less(keys[a] as Py, keys[b] as Py) ? -1 : less(keys[b] as Py, keys[a] as Py) ? 1 : 0))
  return { keys: order.map((index) => keys[index] as Py), values: order.map((index) => values[index] as Py) }
}

/** repr with sorted dicts. */
function flat(value: Py): string {
  tick()
  if (value instanceof PyDict) {
    const { keys, values } = safelySorted(value)
    return `{${keys.map((key, index) => `${flat(key)}: ${flat(values[index] as Py)}`).join(', ')}}`
  }
  if (value instanceof PyList) return `[${value.items.map(flat).join(', ')}]`
  if (value instanceof PyTuple && value.names === null) {
    return value.items.length === 1 ? `(${flat(value.items[0] as Py)},)` : `(${value.items.map(flat).join(', ')})`
  }
  return repr(value)
}

/** pprint.pformat(value) */
export function prettyFormat(value: Py): string {
  // Printing itself finds cycles; pprint only breaks up what printed fully.
  const short = repr(value)
  if (short.includes('[...]') || short.includes('{...}')) return short
  return pretty(value, 0, 0, 1)
}

function pretty(value: Py, indent: number, allowance: number, level: number): string {
  const text = flat(value)
  claimText(text.length)
  if (lengthOf(text) <= WIDTH - indent - allowance) return text
  if (value instanceof PyDict) return `{${prettyDict(value, indent, allowance + 1, level)}}`
  if (value instanceof PyList) return `[${prettyItems(value.items, indent, allowance + 1, level)}]`
  if (value instanceof PyTuple && value.names === null) {
    const end = value.items.length === 1 ? ',)' : ')'
    return `(${prettyItems(value.items, indent, allowance + end.length, level)}${end}`
  }
  return typeof value === 'string' ? prettyText(value, indent, allowance, level) : text
}

function prettyDict(dict: PyDict, outer: number, allowance: number, level: number): string {
  const { keys, values } = safelySorted(dict)
  const indent = outer + 1
  return keys
    .map((key, index) => {
      const name = flat(key)
      const room = index === keys.length - 1 ? allowance : 1
      return `${name}: ${pretty(values[index] as Py, indent + lengthOf(name) + 2, room, level + 1)}`
    })
    .join(`,\n${' '.repeat(indent)}`)
}

function prettyItems(items: readonly Py[], outer: number, allowance: number, level: number): string {
  const indent = outer + 1
  return items
    .map((item, index) => pretty(item, indent, index === items.length - 1 ? allowance : 1, level + 1))
    .join(`,\n${' '.repeat(indent)}`)
}

/** Words with the spaces after them. */
function words(line: string): string[] {
  const parts: string[] = []
  let part = ''
  let spaced = false
  for (const char of line) {
    const space = isSpace(char)
    if (spaced && !space) {
      parts.push(part)
      part = ''
    }
    part += char
    spaced = space
  }
  if (part !== '') parts.push(part)
  return parts
}

function prettyText(text: string, outer: number, room: number, level: number): string {
  if (text === '') return repr(text)
  const top = level === 1
  const indent = top ? outer + 1 : outer
  const allowance = top ? room + 1 : room
  const width = WIDTH - indent
  const lines = splitLines(text, true)
  const chunks: string[] = []
  lines.forEach((line, index) => {
    const last = index === lines.length - 1
    const whole = textRepr(line)
    if (lengthOf(whole) <= (last ? width - allowance : width)) chunks.push(whole)
    else append(chunks, breakLine(line, width, last ? width - allowance : width))
  })
  if (chunks.length === 1) return textRepr(lines.at(-1) as string)
  const body = chunks.join(`\n${' '.repeat(indent)}`)
  return top ? `(${body})` : body
}

function breakLine(line: string, width: number, lastWidth: number): string[] {
  const parts = words(line)
  const chunks: string[] = []
  let current = ''
  parts.forEach((part, index) => {
    const room = index === parts.length - 1 ? lastWidth : width
    if (lengthOf(textRepr(current + part)) > room) {
      if (current !== '') chunks.push(textRepr(current))
      current = part
    } else current += part
  })
  if (current !== '') chunks.push(textRepr(current))
  return chunks
}
