// Dates without a clock: the engine gets its time as Unix seconds and may not use Date.

/** Days since 1970 of a day in the Gregorian calendar (months from 1). */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

function dayAt(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `Y-m-d` in UTC. */
export function dateOf(seconds: number): string {
  const [year, month, day] = dayAt(Math.floor(seconds / 86400))
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** `Y-m-d H:i:s` in UTC. */
export function dateTimeOf(seconds: number): string {
  const time = ((seconds % 86400) + 86400) % 86400
  return `${dateOf(seconds)} ${two(Math.floor(time / 3600))}:${two(Math.floor(time / 60) % 60)}:${two(time % 60)}`
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?)?(?:Z|([+-])(\d\d):?(\d\d))?$/

/** Unix seconds of an ISO 8601 time (UTC when it names no offset), null for anything else. */
export function secondsOf(text: string): number | null {
  const match = pattern.exec(text.trim())
  if (match === null) return null
  const part = (index: number): number => Number(match[index] ?? 0)
  const offset = (match[7] === '-' ? -1 : 1) * (part(8) * 3600 + part(9) * 60)
  return daysOf(part(1), part(2), part(3)) * 86400 + part(4) * 3600 + part(5) * 60 + part(6) - offset
}

/** A day that exists, as `Y-m-d`. */
export const isDate = (text: string): boolean => {
  const seconds = /^\d{4}-\d\d-\d\d$/.test(text) ? secondsOf(text) : null
  return seconds !== null && dateOf(seconds) === text
}
