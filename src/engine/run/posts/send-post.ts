// Sending a post to the debug endpoint: an endpoint that cannot be reached is a SocketException that nothing catches outside
// of a node; a status is never looked at, and no answer in time is ignored (Workflow::sendRequestToDebugEndpoint).
import type { Json } from '../../../contract/json.ts'
import { phpString } from '../../php/cast.ts'
import { phpException } from '../../php/exceptions.ts'
import { event } from '../environment.ts'
import type { Scope } from '../environment.ts'
import { isDebugging } from './log.ts'
import { buildPost } from './posts.ts'
import type { Gen } from '../../effects/signals.ts'

interface PostInput {
  readonly node: Json
  readonly nodeId: number | null
  readonly path: string
  readonly data: Json
  readonly errors: Json
}

/** MISP's default of Plugin.Workflow_debug_url. */
const defaultDebugUrl = 'http://127.0.0.1:27051'

export function* post(scope: Scope, { node, nodeId, path, data, errors }: PostInput): Gen<void> {
  const { env, workflow } = scope
  const setting = env.settings['Plugin.Workflow_debug_url']
  const sent = buildPost({
    debugUrl: phpString(setting === undefined ? defaultDebugUrl : setting),
    triggerId: phpString(workflow['trigger_id'] ?? null),
    path,
    node,
    data,
    errors,
    initiator: env.profile.initiatorInPosts ? scope.process.userId : null,
    now: env.now()
  })
  const failure = env.ports.debugEndpoint?.(sent)
  if (failure && failure.failure !== 'timeout') throw phpException('SocketException', failure.message)
  yield event(scope, nodeId, 'post', { post: sent })
}

/** Workflow::sendRequestToDebugEndpointIfDebug. */
export function* postIfDebug(scope: Scope, input: PostInput): Gen<void> {
  if (isDebugging(scope)) yield* post(scope, input)
}
