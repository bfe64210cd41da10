// Every way in which a run may take a post: its walk, a branch under way, or a branch that begins with it.
import { largest } from '../../../contract/lists.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import { dataScore } from './data-score.ts'
import { endScore } from './end-score.ts'
import { visitsPerRun, type TriggerGraphs } from './learned.ts'
import { valueOf } from './persistent-map.ts'
import { askedScore, branchNodeScore, placeScore, timeScore } from './score.ts'
import {
  branchKey,
  maxBranches,
  noWays,
  type Credit,
  type RunState,
  type RunWay,
  type RunWays,
  type Slot
} from './state.ts'
import { visits, type Thread } from './strand.ts'

/** In one workflow an id is one node. */
function showsOther(run: RunState, { nodeId, key }: PostSummary): boolean {
  const shown = valueOf(run.shown, nodeId)
  return shown !== undefined && shown !== key
}

export function waysInto(graphs: TriggerGraphs, run: RunState, post: PostSummary): RunWays {
  const { scratch } = run
  if (scratch.post === post) return scratch.ways
  scratch.post = post
  const list = scored(graphs, run, post).map(({ slot, score }): RunWay => ({ slot, score, taken: null }))
  return (scratch.ways = list.length === 0 ? noWays : { best: largest(list.map(({ score }) => score)), list })
}

function scored(
  graphs: TriggerGraphs,
  run: RunState,
  post: PostSummary
): { readonly slot: Slot; readonly score: number }[] {
  const ways: { slot: Slot; score: number }[] = []
  if (post.kind !== 'end' && showsOther(run, post)) return ways
  if (run.main !== null) ways.push({ slot: { kind: 'main' }, score: threadScore(graphs, run.main, post) })
  if (post.kind === 'end') return ways
  const repeated = graphs.known.length > 0 ? 0 : branchScore(graphs, run, post)
  run.jobs.forEach((job, index) => {
    // A branch ends without a word.
    const spent = job.position !== null && job.position.every((stop) => stop.node === 'end')
    if (!spent) ways.push({ slot: { kind: 'job', index }, score: threadScore(graphs, job, post) - 0.3 + repeated })
  })
  if (run.jobs.length >= maxBranches) return ways
  run.credits.forEach((credit, index) => {
    // Of branches that nobody can tell apart the first is as good as any.
    if (index > 0 && isAlike(credit, run.credits[index - 1]!)) return
    if (credit.start !== null && credit.start !== post.nodeId) return
    const task = credit.post.key
    const known = credit.start !== null ? -0.3 : run.branched.includes(branchKey(credit, post)) ? -8 : -1.5
    const score =
      dataScore(credit.data, post) + timeScore({ ...credit.post, at: 0, opened: null }, { ...post, opened: null })
    const strange = graphs.known.length > 0 ? 0 : branchNodeScore(graphs.learned, task, post.key)
    ways.push({ slot: { kind: 'credit', index }, score: score + known + repeated + strange })
  })
  return ways
}

const isAlike = (a: Credit, b: Credit): boolean =>
  a.start === b.start && a.post.equal === b.post.equal && a.post.time === b.post.time

/** Without a graph: nodes of the walk, which end posts list, run in no branch; others no more often than in other runs. */
function branchScore({ learned }: TriggerGraphs, run: RunState, post: PostSummary): number {
  const { key } = post
  const inWalk = run.main === null ? 0 : visits(run.main, post.nodeId)
  const count = run.jobs.reduce((sum, job) => sum + visits(job, post.nodeId), inWalk)
  return (learned.actions.has(key) ? -4 : 0) - (count >= visitsPerRun(learned, key) ? 4 : 0)
}

function threadScore(graphs: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const time = timeScore(thread.last, post)
  if (post.kind === 'end') return time + endScore(graphs, thread, post)
  return time + dataScore(thread.data, post) + placeScore(graphs, thread, post) + askedScore(graphs, thread, post)
}
