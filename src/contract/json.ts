/** A JSON value. Data in Retrace is immutable: nothing may write into a value that it did not create itself. */
export type Json = null | boolean | number | string | JsonArray | JsonMap
export type JsonArray = readonly Json[]
export interface JsonMap {
  readonly [key: string]: Json
}
