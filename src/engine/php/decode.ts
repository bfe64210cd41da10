// JSON text to PHP values. Walking the parsed value costs a tenth of parsing it, less than looking for a reason to walk. `{}` becomes [] and a map with the keys 0..n-1 becomes a list, as json_decode($text, true) has it.
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { nestsDeeper } from '../../contract/json-depth.ts'
import { phpException } from './exceptions.ts'
import { findJsonError, placeOf } from './json-error.ts'
import { EMPTY_OBJECT, isList } from './values.ts'

export interface DecodeOptions {
  /** What the user calls the input (a file name); part of the error. */
  readonly name?: string
  /** Levels of arrays and objects; PHP's json_decode allows 512. */
  readonly maxDepth?: number
  /** Characters (UTF-16 units) of the text. */
  readonly maxLength?: number
}

const defaultDepth = 512

/**
 * Parses JSON from outside. Throws CodedError: INPUT_NOT_JSON (with line and column), INPUT_TOO_DEEP, INPUT_TOO_LARGE.
 */
export const decodeJson = (text: string, options: DecodeOptions = {}): Json => {
  if (options.maxLength !== undefined && text.length > options.maxLength) {
    throw new CodedError(
      'INPUT_TOO_LARGE',
      `${named(options)} is larger than the limit of ${options.maxLength} characters.`,
      fileOf(options)
    )
  }
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const maxDepth = options.maxDepth ?? defaultDepth
  if (nestsDeeper(source, maxDepth)) throw whatIsWrong(source, maxDepth, options)
  let value: Json
  try {
    value = JSON.parse(source) as Json
  } catch {
    throw whatIsWrong(source, maxDepth, options)
  }
  const surrogate = findLoneSurrogate(source)
  if (surrogate >= 0) throw notJson(source, { offset: surrogate, message: 'half of a surrogate pair' }, options)
  return normaliseValue(value, options)
}

function whatIsWrong(source: string, maxDepth: number, options: DecodeOptions): CodedError {
  const { offset, message } = findJsonError(source, maxDepth)
  return message === null ? tooDeep(options) : notJson(source, { offset, message }, options)
}

/** Normalises a value that was parsed elsewhere. Shares everything that is already as it should be. */
export const normaliseValue = (value: Json, options: DecodeOptions = {}): Json => {
  return normalise(value, options.maxDepth ?? defaultDepth, () => {
    throw tooDeep(options)
  })
}

/** MISP's JsonTool::decode: throws PHP's JsonException. */
export const jsonDecode = (text: string): Json => {
  try {
    return decodeJson(text)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    const isTooDeep = error.code === 'INPUT_TOO_DEEP'
    throw phpException('JsonException', isTooDeep ? 'Maximum stack depth exceeded' : 'Syntax error')
  }
}

const named = (options: DecodeOptions): string => options.name ?? 'The input'
const fileOf = (options: DecodeOptions): { file?: string } => (options.name === undefined ? {} : { file: options.name })

const tooDeep = (options: DecodeOptions): CodedError =>
  new CodedError(
    'INPUT_TOO_DEEP',
    `${named(options)} nests deeper than ${options.maxDepth ?? defaultDepth} levels.`,
    fileOf(options)
  )

const notJson = (text: string, problem: { offset: number; message: string }, options: DecodeOptions): CodedError => {
  const place = placeOf(text, problem.offset)
  const at = text === '' ? '' : ` at ${place}`
  return new CodedError('INPUT_NOT_JSON', `${named(options)} is not valid JSON: ${problem.message}${at}.`, {
    ...fileOf(options),
    place
  })
}

const surrogateEscape =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|[^])/g

/** The offset of an escaped surrogate without its other half, which PHP refuses, or -1. */
const findLoneSurrogate = (text: string): number => {
  if (!text.includes('\\ud') && !text.includes('\\uD')) return -1
  for (const match of text.matchAll(surrogateEscape)) if (match[1]) return match.index
  return -1
}

const normalise = (value: Json, left: number, tooDeep: () => never): Json => {
  if (typeof value !== 'object' || value === null || value === EMPTY_OBJECT) return value
  if (left === 0) tooDeep()
  if (!isList(value)) return normaliseMap(value, left, tooDeep)
  let copy: Json[] | null = null
  for (let i = 0; i < value.length; i++) {
    const before = value[i] as Json
    const after = normalise(before, left - 1, tooDeep)
    if (after !== before) (copy ??= value.slice())[i] = after
  }
  return copy ?? value
}

const normaliseMap = (map: JsonMap, left: number, tooDeep: () => never): Json => {
  let size = 0
  let listLike = true
  let copy: Record<string, Json> | null = null
  for (const key in map) {
    if (listLike && key !== String(size)) listLike = false
    size++
    const before = map[key] as Json
    const after = normalise(before, left - 1, tooDeep)
    // The key is the copy's own, so that assigning is safe even for `__proto__`.
    if (after !== before) (copy ??= { ...map })[key] = after
  }
  return listLike ? Object.values(copy ?? map) : (copy ?? map)
}

/**
 * What decoding makes of encoded data: PHP's empty objects become empty arrays (a normalised GalaxyCluster.meta is `{}` until a job
 * decodes it). Everything that has none is shared.
 */
export function throughJson<T extends Json>(value: T): T
export function throughJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (value === EMPTY_OBJECT) return []
  if (Array.isArray(value)) {
    let copy: Json[] | null = null
    value.forEach((item: Json, i) => {
      const next = throughJson(item)
      if (next === item) return
      copy ??= [...(value as Json[])]
      copy[i] = next
    })
    return copy ?? value
  }
  let changed: [string, Json][] | null = null
  for (const key of Object.keys(value)) {
    const item = (value as JsonMap)[key] as Json
    const next = throughJson(item)
    if (next !== item) (changed ??= []).push([key, next])
  }
  return changed === null ? value : { ...value, ...Object.fromEntries(changed) }
}
