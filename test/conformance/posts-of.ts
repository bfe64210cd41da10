// A run's debug posts as the listener would have taken them.
import type { RunEvent } from '../../src/contract/run.ts'
import type { DerivedPost } from '../../src/host/capture/derive/derive.ts'
import { parsePost } from '../../src/host/capture/understand/post-parse.ts'

/** The posts of a run, in the order in which they were sent, as the listener would have taken them. */
export function postsOf(events: readonly RunEvent[]): DerivedPost[] {
  const jobs: string[] = []
  return events.flatMap((event, i): DerivedPost[] => {
    if (event.type !== 'post') return []
    const { post, job } = event.data
    if (job !== undefined && !jobs.includes(job)) jobs.push(job)
    const target = post.query === '' ? post.path : `${post.path}?${post.query}`
    const parsed = parsePost({ headers: [], target }, Buffer.from(JSON.stringify(post.body)))
    return [{ seq: i + 1, at: i, job: job === undefined ? 0 : jobs.indexOf(job) + 1, target, post: parsed }]
  })
}
