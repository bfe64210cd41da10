// value[key] as Python raises it. Jinja's own subscripts turn most of these errors into undefined values (access.ts).
import { hashKey, undefinedError } from './compare.ts'
import { PyError, typeError } from './errors.ts'
import { asInt } from './numbers.ts'
import { repr } from './repr.ts'
import { isPlain, points } from './text.ts'
import { Markup, PySpecial, isObject, textOf, typeName, type Py } from './values.ts'

class TypeAlias extends PySpecial {
  readonly typeName = 'GenericAlias'
  readonly module = 'types'
  readonly #key: Py
  constructor(key: Py) {
    super()
    this.#key = key
  }
  attribute(): undefined {
    return undefined
  }
  repr(): string {
    return `dict[${repr(this.#key)}]`
  }
}

/** value[key], or undefined where Python raises TypeError, KeyError or IndexError. */
export function trySubscript(value: Py, key: Py): Py | undefined {
  const text = textOf(value)
  if (text !== undefined) {
    const index = asInt(key)
    if (index === undefined) return undefined
    const char = textAt(text, Number(index))
    return char === undefined || typeof value === 'string' ? char : new Markup(char)
  }
  if (!isObject(value)) return undefined
  switch (value.kind) {
    case 'dict':
      return typeof key === 'string' ? value.text(key) : lookUp(value, key)
    case 'list':
      return at(value.items, key)
    case 'tuple':
      return at(value.items, key)
    case 'range':
      return rangeAt(value.length, key, (index) => value.at(index))
    case 'bytes':
      return rangeAt(value.data.length, key, (index) => value.data[index] as number)
    case 'undefined':
      throw undefinedError(value)
    case 'special':
      return value.item(key)
    case 'function':
      // dict['x'] is a type with a parameter in Python; all a template can do with it is print it.
      return value.typeName === 'type' && value.name === 'dict' ? new TypeAlias(key) : undefined
    default:
      return undefined
  }
}

function lookUp(dict: Extract<Py, { kind: 'dict' }>, key: Py): Py | undefined {
  if (isObject(key) && ['list', 'dict', 'set'].includes(key.kind)) return undefined
  try {
    return dict.get(hashKey(key))
  } catch (error) {
    // A tuple with a list inside: not hashable, which Python reports as TypeError.
    if (error instanceof PyError) return undefined
    throw error
  }
}

function textAt(text: string, index: number): string | undefined {
  if (isPlain(text)) return text[index < 0 ? index + text.length : index]
  return points(text).at(index)
}

function at(items: readonly Py[], key: Py): Py | undefined {
  const index = typeof key === 'number' ? key : asInt(key)
  if (index === undefined) return undefined
  const position = Number(index)
  return items[position < 0 ? position + items.length : position]
}

function rangeAt(length: number, key: Py, read: (index: number) => Py): Py | undefined {
  const index = asInt(key)
  if (index === undefined) return undefined
  const position = Number(index) < 0 ? Number(index) + length : Number(index)
  return position >= 0 && position < length ? read(position) : undefined
}

/** value[key]; raises as Python does. */
export function subscript(value: Py, key: Py): Py {
  const found = trySubscript(value, key)
  if (found !== undefined) return found
  if (isObject(value) && (value.kind === 'dict' || value.kind === 'special')) throw keyError(key)
  if (textOf(value) !== undefined || (isObject(value) && ['list', 'tuple', 'range', 'bytes'].includes(value.kind))) {
    const name = typeName(value)
    if (asInt(key) === undefined) throw typeError(`${name} indices must be integers or slices, not ${typeName(key)}`)
    throw new PyError('IndexError', `${name} index out of range`)
  }
  throw typeError(`'${typeName(value)}' object is not subscriptable`)
}

export function keyError(key: Py): PyError {
  return new PyError('KeyError', repr(key))
}
