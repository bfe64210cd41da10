// The posts that MISP sends to its debug endpoint (Workflow::sendRequestToDebugEndpoint). Bodies are built from references;
// nothing is serialised here.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { DebugPost } from '../../../contract/run.ts'
import { dig, isEmpty } from '../../php/values.ts'
import { dateTimeOf } from '../../world/dates.ts'
import { debugTarget } from './post-url.ts'

export interface PostParts {
  readonly debugUrl: string
  readonly triggerId: string
  /** What follows the trigger in the URL, query included. */
  readonly path: string
  readonly node: Json
  readonly data: Json
  readonly errors: Json
  /** Who started the run, where posts say so. */
  readonly initiator?: string | null
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
    ...(isEmpty(parts.initiator) ? {} : { initiator_user_id: parts.initiator as string }),
    ...(isEmpty(parts.errors) ? {} : { errors: parts.errors })
  }
  return { method: 'POST', ...target, body }
}

/** PHP's date('c') in UTC, the time zone that runs assume. */
export const isoSeconds = (seconds: number): string => `${dateTimeOf(seconds).replace(' ', 'T')}+00:00`
