// str() and repr() of every value.
import { PyError, recursionError } from './errors.ts'
import { claimText, enterFrames, leaveFrames, tick } from './limits.ts'
import { floatRepr, intRepr } from './numbers.ts'
import { isPrintable, latin1 } from './text.ts'
import { isObject, typeName, type Py, type PyBytes, type PyFunction, type PyObject } from './values.ts'

/** str(value) */
export function str(value: Py): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (isObject(value)) {
    if (value.kind === 'markup') return value.text
    if (value.kind === 'undefined') return ''
  }
  return repr(value)
}

/** repr(value) */
export function repr(value: Py): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return textRepr(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return intRepr(value)
  tick()
  if (!enterFrames(1)) throw recursionError()
  const text = objectRepr(value)
  leaveFrames(1)
  claimText(text.length)
  return text
}

// Containers that contain themselves print as [...] at the second meeting.
const printing = new Set<PyObject>()

function guarded(value: PyObject, again: string, print: () => string): string {
  if (printing.has(value)) return again
  printing.add(value)
  try {
    return print()
  } finally {
    printing.delete(value)
  }
}

function objectRepr(value: PyObject): string {
  switch (value.kind) {
    case 'float':
      return floatRepr(value.value)
    case 'markup':
      return `Markup(${textRepr(value.text)})`
    case 'undefined':
      return 'Undefined'
    case 'list':
      return guarded(value, '[...]', () => `[${joined(value.items)}]`)
    case 'tuple':
      return guarded(value, '(...)', () => `(${joined(value.items)}${value.items.length === 1 ? ',' : ''})`)
    case 'dict':
      return guarded(value, '{...}', () => `{${pairs(value.keys(), value.values())}}`)
    case 'set':
      return value.map.size === 0 ? 'set()' : `{${joined([...value.map.values()])}}`
    case 'view':
      return `dict_${value.of}([${viewItems(value.dict.keys(), value.dict.values(), value.of)}])`
    case 'bytes':
      return bytesRepr(value)
    case 'range':
      return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`
    case 'iter':
      return `<${typeName(value)} object ${value.label === '' ? '' : `${value.label} `}at ${ADDRESS}>`
    case 'function':
      return functionRepr(value)
    case 'special':
      return value.repr()
  }
}

// Python prints a memory address, which differs from run to run.
const ADDRESS = '0x7f0000000000'

function joined(items: readonly Py[]): string {
  let text = ''
  for (let index = 0; index < items.length; index++) {
    if (index > 0) text += ', '
    text += repr(items[index] as Py)
    if ((index & 255) === 255) claimText(text.length >> 4)
  }
  return text
}

function pairs(keys: readonly Py[], values: readonly Py[]): string {
  return keys.map((key, index) => `${repr(key)}: ${repr(values[index] as Py)}`).join(', ')
}

function viewItems(keys: readonly Py[], values: readonly Py[], of: 'keys' | 'values' | 'items'): string {
  if (of === 'keys') return joined(keys)
  if (of === 'values') return joined(values)
  return keys.map((key, index) => `(${repr(key)}, ${repr(values[index] as Py)})`).join(', ')
}

const QUIET = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/

export function textRepr(text: string): string {
  claimText(text.length)
  if (QUIET.test(text)) return `'${text}'`
  tick(text.length * 2)
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let result = quote
  for (const char of text) result += char === quote ? `\\${char}` : charRepr(char)
  return result + quote
}

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function charRepr(char: string): string {
  const short = SHORT[char]
  if (short !== undefined) return short
  if (isPrintable(char)) return char
  const code = char.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

function bytesRepr(value: PyBytes): string {
  const text = latin1(value.data)
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\\'"]|[^\x20-\x7e]/g, (char) => {
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char
    return SHORT[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `b${quote}${body}${quote}`
}

function functionRepr(value: PyFunction): string {
  switch (value.typeName) {
    case 'type':
      return `<class '${value.name}'>`
    case 'function':
      return `<function ${value.name} at ${ADDRESS}>`
    case 'method':
      return `<bound method ${typeName(value.owner ?? null)}.${value.name} of ${value.owner === undefined ? '' : repr(value.owner)}>`
    case 'builtin_function_or_method':
      if (value.owner === undefined) return `<built-in function ${value.name}>`
      return `<built-in method ${value.name} of ${typeName(value.owner)} object at ${ADDRESS}>`
  }
}

/** repr for messages: never fails on account of the value. */
export function shortRepr(value: Py): string {
  try {
    return repr(value)
  } catch (error) {
    if (error instanceof PyError) return `<${typeName(value)} object>`
    throw error
  }
}
