// Filters over numbers.
import { filter, type Filter } from '../runtime/calls.ts'
import { truth, undefinedError } from '../python/compare.ts'
import { PyError, filterArgumentError, typeError } from '../python/errors.ts'
import { latin1 } from '../python/text.ts'
import {
  asDouble,
  asInt,
  fixedText,
  floatToInt,
  parseFloating,
  parseInteger,
  roundFloat,
  roundInt
} from '../python/numbers.ts'
import { divide, multiply, power } from '../python/operators.ts'
import { repr } from '../python/repr.ts'
import { PyBytes, PyFloat, Undefined, textOf, typeName, type Py } from '../python/values.ts'

/** float(value) */
function toFloat(value: Py): number {
  const number = asDouble(value)
  if (number !== undefined) return number
  if (value instanceof Undefined) throw undefinedError(value)
  const text = value instanceof PyBytes ? latin1(value.data) : textOf(value)
  if (text !== undefined) return parseFloating(text, repr(value))
  throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`)
}

/** int(value) */
function toInt(value: Py): number | bigint {
  const int = asInt(value)
  if (int !== undefined) return int
  if (value instanceof PyFloat) return floatToInt(value.value)
  if (value instanceof Undefined) throw undefinedError(value)
  if (value instanceof PyBytes) return parseInteger(latin1(value.data), 10, repr(value))
  throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`)
}

function attempt<T>(types: readonly string[], run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof PyError && types.includes(error.type)) return undefined
    throw error
  }
}

function parseBase(text: string, base: Py, value: Py): number | bigint {
  const radix = asInt(base)
  if (radix === undefined) throw typeError(`'${typeName(base)}' object cannot be interpreted as an integer`)
  return parseInteger(text, Number(radix), repr(value))
}

function intFilter(value: Py, fallback: Py, base: Py): Py {
  const text = textOf(value)
  const direct = attempt(['TypeError', 'ValueError'], () =>
    text === undefined ? toInt(value) : parseBase(text, base, value)
  )
  if (direct !== undefined) return direct
  return attempt(['TypeError', 'ValueError', 'OverflowError'], () => floatToInt(toFloat(value))) ?? fallback
}

function round(value: Py, precision: Py, method: Py): Py {
  const kind = textOf(method)
  if (kind !== 'common' && kind !== 'ceil' && kind !== 'floor') {
    throw filterArgumentError('method must be common, ceil or floor')
  }
  if (kind === 'common') return roundCommon(value, precision)
  const unit = power(10, precision)
  const scaled = multiply(value, unit)
  const number = asDouble(scaled)
  if (number === undefined) throw typeError(`must be real number, not ${typeName(scaled)}`)
  const whole =
    scaled instanceof PyFloat
      ? floatToInt(kind === 'ceil' ? Math.ceil(number) : Math.floor(number))
      : (asInt(scaled) as number)
  return divide(whole, unit)
}

function roundCommon(value: Py, precision: Py): Py {
  const int = asInt(value)
  if (int === undefined && !(value instanceof PyFloat)) {
    throw typeError(`type ${typeName(value)} doesn't define __round__ method`)
  }
  if (precision === null) {
    return int === undefined ? floatToInt(roundFloat((value as PyFloat).value, 0)) : int
  }
  const places = asInt(precision)
  if (places === undefined) throw typeError(`'${typeName(precision)}' object cannot be interpreted as an integer`)
  return int === undefined
    ? new PyFloat(roundFloat((value as PyFloat).value, Number(places)))
    : roundInt(int, Number(places))
}

const SIZES = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']

function fileSize(value: Py, binary: boolean): string {
  const bytes = toFloat(value)
  const base = binary ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${floatToInt(bytes)} Bytes`
  if (!Number.isFinite(bytes)) return `${Number.isNaN(bytes) ? 'nan' : 'inf'} ${binary ? 'YiB' : 'YB'}`
  let index = 0
  while (index < SIZES.length - 1 && bytes >= base ** (index + 2)) index++
  const scaled = (base * bytes) / base ** (index + 2)
  const prefix = SIZES[index] as string
  return `${fixedText(scaled, 1)} ${binary ? `${prefix.toUpperCase()}iB` : `${prefix}B`}`
}

function absolute(value: Py): Py {
  const int = asInt(value)
  if (int !== undefined) return int < 0 ? -int : int
  if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value))
  throw typeError(`bad operand type for abs(): '${typeName(value)}'`)
}

export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: filter('abs', 'x /', ([value]) => absolute(value as Py)),
  int: filter('do_int', 'value default? base?', ([value, fallback, base]) =>
    intFilter(value as Py, fallback === undefined ? 0 : fallback, base === undefined ? 10 : base)
  ),
  float: filter('do_float', 'value default?', ([value, fallback]) => {
    const number = attempt(['TypeError', 'ValueError'], () => toFloat(value as Py))
    if (number !== undefined) return new PyFloat(number)
    return fallback === undefined ? new PyFloat(0) : fallback
  }),
  round: filter('do_round', 'value precision? method?', ([value, precision, method]) =>
    round(value as Py, precision === undefined ? 0 : precision, method === undefined ? 'common' : method)
  ),
  filesizeformat: filter('do_filesizeformat', 'value binary?', ([value, binary]) =>
    fileSize(value as Py, truth(binary ?? false))
  )
}
