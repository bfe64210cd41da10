// What a found run says about itself, and what it teaches about those to come.
import type { PostSummary } from '../understand/post-parse.ts'
import { learnOrder, stepOf, type LearnedGraph } from './learned.ts'
import { postsOf, type RunState } from './state.ts'

/** How good a run looks by itself, and why. */
export function judge(run: RunState, open: boolean): { readonly quality: number; readonly reason: string } {
  const parts: string[] = []
  let quality = 0.99
  const limit = (most: number, text: string): void => {
    quality = Math.min(quality, most)
    parts.push(text)
  }
  if (run.init === null) limit(0.8, 'no init post')
  if (run.ended === null) limit(open ? 0.85 : 0.95, open ? 'no end post yet' : 'no end post')
  const own = run.init === null ? run.worst - Math.min(0, run.penalty) : run.worst
  if (run.init !== null && run.worst < -6) limit(0.6, 'a post does not fit the graph or the data')
  else if (run.init !== null && run.worst < -3) limit(0.85, 'a post fits only loosely')
  if (own >= -3 && run.init !== null && run.ended !== null)
    parts.unshift('from init to end, each post goes on from the one before')
  if (run.jobs.length > 0)
    parts.push(
      `${run.jobs.length} concurrent ${run.jobs.length === 1 ? 'branch' : 'branches'} joined by data and graph`
    )
  if (parts.length === 0) parts.push('each post goes on from the one before')
  return { quality, reason: parts.join('; ') }
}

/** Learns from a run what comes after what. */
export function learnOrderOf(learned: LearnedGraph, run: RunState, weight: number): void {
  let last: PostSummary | null = null
  let step = ''
  let row = 0
  if (run.init === null) return
  for (const { post, job } of postsOf(run)) {
    if (post.kind !== 'exec' || job !== 0) continue
    learnOrder(learned, step, post.key, weight)
    row = last?.key === post.key ? row + 1 : 0
    step = stepOf(post, row)
    last = post
  }
  if (run.ended !== null) learnOrder(learned, step, 'end', weight)
}
