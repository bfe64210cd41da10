/** A JSON value. Data in Retrace is immutable: nothing may write into a value that it did not create itself. */
export type Json = null | boolean | number | string | JsonArray | JsonMap
export type JsonArray = readonly Json[]
export interface JsonMap {
  readonly [key: string]: Json
}

/** JSON of which nothing is known yet. */
export type UnknownMap = Record<string, unknown>

/** A map in what may be any JSON. (What PHP takes for an array is engine/php's business.) */
export const isUnknownMap = (value: unknown): value is UnknownMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value, where it is a map. */
export const mapOrNull = (value: Json | undefined): JsonMap | null => (isUnknownMap(value) ? (value as JsonMap) : null)

/** The map that a text holds as JSON; null where it holds none. */
export function mapInText(text: string): JsonMap | null {
  try {
    return mapOrNull(JSON.parse(text) as Json)
  } catch {
    return null
  }
}

/**
 * As String(), for any JSON. `{"toString":1}` and a list with it have no text: String() and Number() throw there, which a file from elsewhere
 * must not bring about.
 */
export function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Array.isArray(value) ? value.map(itemText).join(',') : noText
}

const noText = '[object Object]'
const itemText = (item: unknown): string =>
  item === null || item === undefined ? '' : typeof item === 'object' ? noText : String(item as string)

/** As Number(), for any JSON: lists and maps are none. */
export const plainNumber = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Number.NaN : Number(value)
