// What posts hold is unknown JSON; these tell its maps.
export type UnknownMap = Record<string, unknown>

export const isMap = (value: unknown): value is UnknownMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
