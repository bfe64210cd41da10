// What a captured run's posts show of the answers that its nodes got: MISP puts the text of a request that failed into its post.
import type { Json } from '../../../contract/json.ts'
import type { EffectAnswer } from '../../../contract/run.ts'
import type { Answered, EffectRequest } from '../../effects/ports.ts'
import type { OfflineBook } from './offline.ts'
import type { LaneBook, LanePost } from './posts.ts'

/** Answers requests of the node that the offline run is at, as far as the captured post at that place tells. */
export function shownAnswers(seen: LaneBook, offline: OfflineBook): (request: EffectRequest) => Answered | undefined {
  return ({ nodeId, effect, isFired }) => {
    if (effect.kind !== 'http' || isFired === true) return undefined
    const { job, posts } = offline.current()
    const post = (job === '' ? seen.lane('') : seen.lanes.get(job))?.posts[posts.length]
    if (post?.kind !== 'exec' || post.nodeId !== nodeId) return undefined
    const answer = shownBy(post)
    return answer === null ? undefined : { answer, by: 'posts' }
  }
}

/** CurlClient throws its text; a webhook's error quotes the body (Module_webhook::exec). */
function shownBy({ result, message, errors }: LanePost): EffectAnswer | null {
  if (result === 'error' && message.startsWith('curl error ')) return { failure: 'refused', message }
  for (const text of Array.isArray(errors) ? (errors as readonly Json[]) : []) {
    if (typeof text !== 'string') continue
    if (text.startsWith('curl error ')) return { failure: 'refused', message: text }
    const at = text.indexOf(bodyReturned)
    if (result === 'partial-success' && at >= 0) return { status: 500, body: text.slice(at + bodyReturned.length) }
  }
  return null
}

const bodyReturned = 'Body returned: '
