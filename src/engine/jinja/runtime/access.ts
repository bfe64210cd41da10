// What `a.b` and `a['b']` mean in a sandboxed template: attributes and items of Python objects, private ones refused.
import { bytesMethod } from '../python/bytes.ts'
import { undefinedError } from '../python/compare.ts'
import { collectionAttribute } from '../python/collection-methods.ts'
import { formatMethod, type Readers } from '../python/formatter.ts'
import { isHiddenAttribute } from '../python/hidden.ts'
import { numberAttribute } from '../python/number-methods.ts'
import { trySubscript } from '../python/subscript.ts'
import { bytesThroughText, textMethod } from '../python/text-methods.ts'
import type { PyIter } from '../python/values.ts'
import { DONE, Markup, PyFunction, Undefined, isObject, stopIteration, typeName, type Py } from '../python/values.ts'

/** getattr(value, name) for public names, or undefined where Python raises AttributeError. */
function publicAttribute(value: Py, name: string): Py | undefined {
  if (value === null) return undefined
  if (typeof value === 'string' || value instanceof Markup) {
    return name === 'format' || name === 'format_map' ? formatMethod(value, name, READERS) : textMethod(value, name)
  }
  if (!isObject(value) || value.kind === 'float') return numberAttribute(value, name)
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'dict':
    case 'view':
    case 'set':
    case 'range':
      return collectionAttribute(value, name)
    case 'bytes':
      return bytesMethod(value, name, bytesThroughText)
    case 'undefined':
      throw undefinedError(value)
    case 'iter':
      return iteratorAttribute(value, name)
    case 'function':
      return value.members?.get(name)
    case 'special':
      return value.attribute(name)
    default:
      return undefined
  }
}

function iteratorAttribute(value: PyIter, name: string): Py | undefined {
  if (value.typeName !== 'generator') return undefined
  const method = (call: PyFunction['call']): PyFunction =>
    new PyFunction(name, 'builtin_function_or_method', call, value)
  switch (name) {
    case 'gi_running':
    case 'gi_suspended':
      return false
    case 'gi_yieldfrom':
      return null
    case 'send':
      return method(() => {
        const item = value.next()
        if (item === DONE) throw stopIteration()
        return item
      })
    case 'close':
      return method(() => {
        value.next = () => DONE
        return null
      })
    default:
      return undefined
  }
}

function unsafe(value: Py, name: string): Undefined {
  const hint = `access to attribute '${name}' of '${typeName(value)}' object is unsafe.`
  return new Undefined(name, value, hint, 'SecurityError')
}

/** The attribute, an unsafe undefined, or undefined where Python has no such attribute. */
function attributeOf(value: Py, name: string): Py | undefined {
  if (name.startsWith('_') || name === 'mro' || name.startsWith('gi_')) {
    if (isHiddenAttribute(value, name)) return unsafe(value, name)
    if (value instanceof Undefined && !(name.startsWith('__') && name.endsWith('__'))) throw undefinedError(value)
    if (name.startsWith('_')) {
      const own = isObject(value) && value.kind === 'special' ? value.attribute(name) : undefined
      return own === undefined ? undefined : unsafe(value, name)
    }
  }
  return publicAttribute(value, name)
}

/** `value.name` */
export function getAttribute(value: Py, name: string): Py {
  const attribute = attributeOf(value, name)
  if (attribute !== undefined) return attribute
  const item = trySubscript(value, name)
  return item === undefined ? new Undefined(name, value) : item
}

/** `value[key]` */
export function getItem(value: Py, key: Py): Py {
  const item = trySubscript(value, key)
  if (item !== undefined) return item
  if (typeof key === 'string') {
    const attribute = attributeOf(value, key)
    if (attribute !== undefined) return attribute
  } else if (key instanceof Markup) {
    const attribute = attributeOf(value, key.text)
    if (attribute !== undefined) return attribute
  }
  return new Undefined(key, value)
}

/** The filter `attr`: attributes only, never items. */
export function attributeOnly(value: Py, name: string): Py {
  const found = attributeOf(value, name)
  return found === undefined ? new Undefined(name, value) : found
}

const READERS: Readers = { attribute: getAttribute, item: getItem }
