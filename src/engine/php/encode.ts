// What PHP's json_encode prints with the flags of MISP's JsonTool::encode (slashes and unicode unescaped).
import type { Json } from '../../contract/json.ts'
import { phpException } from './exceptions.ts'
import { numberToJson } from './numbers.ts'
import { EMPTY_OBJECT, count, entries, isList } from './values.ts'
import type { PhpArray } from './values.ts'

/** PHP's default depth limit of json_encode. */
const depthLimit = 512

/**
 * The text that MISP's JsonTool::encode makes of a value; `pretty` is JSON_PRETTY_PRINT. Throws PHP's JsonException for what nests
 * deeper than 512 levels and for INF and NAN.
 */
export const encodeJson = (value: Json, pretty = false): string => {
  const text = inspect(value, 0) ? JSON.stringify(value, null, pretty ? 4 : undefined) : printAny(value, pretty)
  // PHP escapes these two unless JSON_UNESCAPED_LINE_TERMINATORS is given; they can only stand in strings.
  return text.includes('\u2028') || text.includes('\u2029')
    ? text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
    : text
}

/** True when JSON.stringify prints the value as PHP would. Throws for what PHP cannot encode. */
const inspect = (value: Json, depth: number): boolean => {
  if (typeof value === 'number') return inspectNumber(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= depthLimit) throw phpException('JsonException', 'Maximum stack depth exceeded')
  let plain = true
  if (isList(value)) {
    for (let i = 0; i < value.length; i++) if (!inspect(value[i] as Json, depth + 1)) plain = false
    return plain
  }
  let empty = true
  for (const key in value) {
    empty = false
    if (!inspect(value[key] as Json, depth + 1)) plain = false
  }
  return empty ? value === EMPTY_OBJECT : plain
}

const inspectNumber = (value: number): boolean => {
  if (Number.isSafeInteger(value)) return !Object.is(value, -0)
  if (!Number.isFinite(value)) throw phpException('JsonException', 'Inf and NaN cannot be JSON encoded')
  return !Number.isInteger(value) && Math.abs(value) >= 1e-4
}

const printAny = (value: Json, pretty: boolean): string => {
  const parts: string[] = []
  print(value, pretty ? '\n' : '', parts)
  return parts.join('')
}

/** `line`: the line end and indentation of the surrounding level, empty when not pretty. */
const print = (value: Json, line: string, parts: string[]): void => {
  if (typeof value === 'number') parts.push(numberToJson(value))
  else if (typeof value !== 'object' || value === null) parts.push(JSON.stringify(value))
  else if (value === EMPTY_OBJECT) parts.push('{}')
  else printArray(value, line, parts)
}

const printArray = (array: PhpArray, line: string, parts: string[]): void => {
  const inner = line && `${line}    `
  const list = isList(array)
  if (count(array) === 0) {
    parts.push('[]')
    return
  }
  parts.push(list ? '[' : '{')
  entries(array).forEach(([key, item], i) => {
    parts.push(i === 0 ? inner : `,${inner}`)
    if (!list) parts.push(JSON.stringify(key), line ? ': ' : ':')
    print(item, inner, parts)
  })
  parts.push(line, list ? ']' : '}')
}
