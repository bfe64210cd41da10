// value[start:stop:step].
import { undefinedError } from './compare.ts'
import { PyError, typeError, valueError } from './errors.ts'
import { claimItems, claimText, tick } from './limits.ts'
import { asInt } from './numbers.ts'
import { isPlain, lengthOf, points } from './text.ts'
import {
  Markup,
  PyBytes,
  PyDict,
  PyList,
  PyRange,
  PyTuple,
  Undefined,
  isObject,
  textOf,
  typeName,
  type Py
} from './values.ts'

/** An index as Python takes it (int or bool); undefined for others. */
function indexOf(value: Py): number | undefined {
  const int = asInt(value)
  return int === undefined ? undefined : Number(int)
}

export interface SliceBounds {
  readonly start: number
  readonly stop: number
  readonly step: number
}

/** slice.indices(length) */
export function sliceBounds(start: Py, stop: Py, step: Py, length: number): SliceBounds {
  const by = step === null ? 1 : sliceIndex(step)
  if (by === 0) throw valueError('slice step cannot be zero')
  const low = by < 0 ? -1 : 0
  const high = by < 0 ? length - 1 : length
  const clamp = (value: Py, missing: number): number => {
    if (value === null) return missing
    const index = sliceIndex(value)
    const from = index < 0 ? index + length : index
    return Math.min(Math.max(from, low), high)
  }
  return { start: clamp(start, by < 0 ? high : low), stop: clamp(stop, by < 0 ? low : high), step: by }
}

function sliceIndex(value: Py): number {
  const index = indexOf(value)
  if (index === undefined) {
    throw typeError('slice indices must be integers or None or have an __index__ method')
  }
  return index
}

function pick<T>(items: ArrayLike<T>, bounds: SliceBounds): T[] {
  const { start, stop, step } = bounds
  const picked: T[] = []
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) picked.push(items[index] as T)
  return picked
}

/** value[start:stop:step]; Jinja runs it directly, so unlike a subscript it raises. */
export function slice(value: Py, start: Py, stop: Py, step: Py): Py {
  tick()
  const text = textOf(value)
  if (text !== undefined) {
    const sliced = sliceText(text, start, stop, step)
    return typeof value === 'string' ? sliced : new Markup(sliced)
  }
  if (value instanceof Undefined) throw undefinedError(value)
  if (value instanceof PyList) {
    const bounds = sliceBounds(start, stop, step, value.length)
    claimItems(value.length)
    return new PyList(pick(value.items, bounds))
  }
  if (value instanceof PyTuple)
    return new PyTuple(pick(value.items, sliceBounds(start, stop, step, value.items.length)))
  if (value instanceof PyBytes) {
    return new PyBytes(Uint8Array.from(pick(value.data, sliceBounds(start, stop, step, value.data.length))))
  }
  if (value instanceof PyRange) {
    const bounds = sliceBounds(start, stop, step, value.length)
    return new PyRange(value.at(bounds.start), value.at(bounds.stop), value.step * bounds.step)
  }
  if (value instanceof PyDict) throw new PyError('KeyError', 'slice')
  if (isObject(value) && value.kind === 'special' && value.typeName === 'TemplateReference') {
    throw new PyError('KeyError', 'slice')
  }
  throw typeError(`'${typeName(value)}' object is not subscriptable`)
}

function sliceText(text: string, start: Py, stop: Py, step: Py): string {
  const plain = isPlain(text)
  const bounds = sliceBounds(start, stop, step, plain ? text.length : lengthOf(text))
  claimText(text.length >> 4)
  if (bounds.step === 1 && plain) return text.slice(bounds.start, Math.max(bounds.start, bounds.stop))
  return pick(plain ? text : points(text), bounds).join('')
}
