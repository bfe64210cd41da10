// MispAttribute::setTimestampConditions and AppModel::resolveTimeDelta: `30d`, a timestamp, a date.
import type { Json } from '../../../contract/json.ts'
import { CannotTell } from '../../effects/cannot-tell.ts'
import { isNumeric, phpFloat, phpInt, phpString } from '../../php/cast.ts'
import { phpException } from '../../php/exceptions.ts'
import { count, isArray, values } from '../../php/values.ts'
import { secondsOf } from '../../world/dates.ts'

/** Seconds; of two values a pair in order. What PHP's strtotime() would have to read beyond a plain date cannot be told. */
export function resolveTimestamp(value: Json, now: number): Json {
  if (!isArray(value)) return resolveDelta(value, now)
  if (count(value) !== 2) {
    const text = 'Invalid date specification, must be string or array with two elements'
    throw phpException('InvalidArgumentException', text)
  }
  return values(value)
    .map((one) => resolveDelta(one, now))
    .sort((a, b) => a - b)
}

const multipliers: { readonly [unit: string]: number } = { d: 86400, h: 3600, m: 60, s: 1 }
/** What strtotime() reads of words alone: relative ones, months and days; time zones are shorter than six letters. */
const timeWord =
  /^(midnight|tomorrow|yesterday|second|third|fourth|sixth|seventh|eighth|twelfth|eleventh|previous|noon|today|(mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|august|september|october|november|december|seconds|minutes?|months?|fortnights?|weekdays?)$/i
const oneLongWord = /^[a-z]{6,}$/i

function resolveDelta(value: Json, now: number): number {
  if (isNumeric(value)) return phpInt(value)
  const text = phpString(value)
  const unit = multipliers[text.slice(-1).toLowerCase()]
  if (unit !== undefined) {
    const amount = text.slice(0, -1)
    return isNumeric(amount) ? now - phpFloat(amount) * unit : now + 1
  }
  const date = secondsOf(text)
  if (date !== null) return date
  if (!oneLongWord.test(text) || timeWord.test(text))
    throw new CannotTell('TIME_UNKNOWN', `PHP would read the time \`${text.slice(0, 60)}\`; Retrace cannot.`)
  return now + 1
}
