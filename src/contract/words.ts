// How counts and values are written, everywhere the same: in views, in the terminal, in messages.

/** 12,345. The platform's own formatting takes tens of milliseconds for its first number, at the start of the app. */
export function formatCount(count: number): string {
  if (!Number.isSafeInteger(count)) return count.toLocaleString('en')
  let left = String(Math.abs(count))
  let groups = ''
  for (; left.length > 3; left = left.slice(0, -3)) groups = `,${left.slice(-3)}${groups}`
  return `${count < 0 ? '-' : ''}${left}${groups}`
}

/** "step" or "steps", where the count is not said. */
export const wordFor = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many)

/** "1 step", "2 steps", "12,345 branches". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${wordFor(count, one, many)}`

/** A value's preview where it stands in a sentence: an empty text has none of its own. */
export const shownAs = (preview: string): string => (preview === '' ? 'an empty text' : preview)
