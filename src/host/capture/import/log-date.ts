/** `2024-10-21 12:00:00` as milliseconds, read as if it were UTC; 0 when it is no date. */
export function parseMispDate(text: string): number {
  const time = Date.parse(`${text.trim().replace(' ', 'T')}Z`)
  return Number.isNaN(time) ? 0 : time
}
