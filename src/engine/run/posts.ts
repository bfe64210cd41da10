// The posts that MISP sends to its debug endpoint (Workflow::sendRequestToDebugEndpoint). Bodies are built from references;
// nothing is serialised here.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { DebugPost } from '../../contract/run.ts'
import { dig, isEmpty } from '../php/values.ts'
import { debugTarget } from './post-url.ts'

export interface PostParts {
  readonly debugUrl: string
  readonly triggerId: string
  /** What follows the trigger in the URL, query included. */
  readonly path: string
  readonly node: Json
  readonly data: Json
  readonly errors: Json
  /** Unix seconds. */
  readonly now: number
}

export function buildPost(parts: PostParts): DebugPost {
  const target = debugTarget(`${parts.debugUrl}/${parts.triggerId}${parts.path}`)
  const body: JsonMap = {
    source: {
      node_id: dig(parts.node, 'id') ?? '',
      module_id: dig(parts.node, 'data', 'id') ?? '',
      filters: dig(parts.node, 'data', 'saved_filters') ?? '',
      parameters: dig(parts.node, 'data', 'indexed_params') ?? ''
    },
    timestamp: isoSeconds(parts.now),
    data: parts.data,
    ...(isEmpty(parts.errors) ? {} : { errors: parts.errors })
  }
  return { method: 'POST', ...target, body }
}

/** PHP's date('c') in UTC, the time zone that runs assume. */
export const isoSeconds = (seconds: number): string => `${dateText(seconds)}T${timeText(seconds)}+00:00`

/** PHP's date('Y-m-d H:i:s') in UTC. */
export const logTime = (seconds: number): string => `${dateText(seconds)} ${timeText(seconds)}`

const digits = (value: number, count = 2): string => String(value).padStart(count, '0')
const secondsPerDay = 86_400

function timeText(seconds: number): string {
  const rest = seconds - Math.floor(seconds / secondsPerDay) * secondsPerDay
  return [rest / 3600, (rest / 60) % 60, rest % 60].map((part) => digits(Math.floor(part))).join(':')
}

/** The Gregorian date of a moment, counted in years that begin in March so that leap days come last. */
function dateText(seconds: number): string {
  const days = Math.floor(seconds / secondsPerDay) + 719_468
  const era = Math.floor(days / 146_097)
  const day = days - era * 146_097
  const leaps = Math.floor(day / 1460) - Math.floor(day / 36_524) + Math.floor(day / 146_096)
  const year = Math.floor((day - leaps) / 365)
  const dayOfYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * month + 2) / 5) + 1
  const isNextYear = month >= 10
  return `${digits(year + era * 400 + (isNextYear ? 1 : 0), 4)}-${digits(isNextYear ? month - 9 : month + 3)}-${digits(dayOfMonth)}`
}
