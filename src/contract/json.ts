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
