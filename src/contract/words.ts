// How counts are written, everywhere the same: in views, in the terminal, in messages.

/** 12,345. The platform's own formatting takes tens of milliseconds for its first number, at the start of the app. */
export const formatCount = (count: number): string =>
  Number.isSafeInteger(count) ? String(count).replace(/\B(?=(?:\d{3})+$)/g, ',') : count.toLocaleString('en')

/** "step" or "steps", where the count is not said. */
export const wordFor = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many)

/** "1 step", "2 steps", "12,345 branches". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${wordFor(count, one, many)}`
