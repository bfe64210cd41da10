// What several filters share: attributes by path, and calling filters and tests by name.
import { getItem } from '../runtime/access.ts'
import { tick } from '../python/limits.ts'
import { isDigit } from '../python/text.ts'
import { Undefined, textOf, type Py } from '../python/values.ts'

export type Getter = (item: Py) => Py

/** int for parts that are digits, as `map(attribute='0.name')` takes them. */
function pathParts(attribute: Py): Py[] {
  if (attribute === null) return []
  const text = textOf(attribute)
  if (text === undefined) return [attribute]
  return text.split('.').map((part) => (part !== '' && [...part].every(isDigit) ? Number(part) : part))
}

/** ignore_case of Jinja: text in lower case, all else as it is. */
export function ignoreCase(value: Py): Py {
  if (typeof value === 'string') return value.toLowerCase()
  return textOf(value)?.toLowerCase() ?? value
}

export function attributeGetter(attribute: Py, fallback: Py = null, after: Getter | null = null): Getter {
  const parts = pathParts(attribute)
  return (item) => {
    tick()
    let value = item
    for (const part of parts) {
      value = getItem(value, part)
      if (fallback !== null && value instanceof Undefined) value = fallback
    }
    return after === null ? value : after(value)
  }
}

/** Getters for `sort(attribute='a,b')`. */
export function multiGetters(attribute: Py, after: Getter | null): Getter[] {
  const text = textOf(attribute)
  const list: Py[] = text === undefined ? [attribute] : text.split(',')
  return list.map((one) => attributeGetter(one, null, after))
}
