// How well an end post ends a strand, as the logarithm of a likelihood.
import { isLogic } from '../understand/module-facts.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import { graphsMeant } from './known.ts'
import { nextScore, type TriggerGraphs } from './learned.ts'
import { allows } from './position.ts'
import { missingBefore, unfinishedTask, unlikely } from './score.ts'
import { isAction, visits, type Thread } from './strand.ts'

/** Nodes in the end post to which nothing in the run leads. */
function cutOffScore({ learned }: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const isCutOff = (id: string): boolean => learned.seen.has(id) && visits(thread, id) === 0
  const alone = post.inputs?.filter((froms) => froms.length > 0 && froms.every(isCutOff))
  return -Math.min(12, 5 * (alone?.length ?? 0))
}

const nobody: ReadonlySet<string> = new Set()
const listedIn = new WeakMap<PostSummary, ReadonlySet<string>>()

function listedBy(post: PostSummary): ReadonlySet<string> {
  if (!post.executed?.length) return nobody
  const known = listedIn.get(post)
  if (known !== undefined) return known
  const listed = new Set(post.executed)
  listedIn.set(post, listed)
  return listed
}

/** More nodes that are neither listed nor known to be actions stand in no run: the end post's own length bounds what is looked at. */
const spared = 256

/** The end post lists the action nodes that the run executed, in order, and those that failed. */
function executedScore(graphs: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const executed = post.executed ?? []
  const listed = listedBy(post)
  const failed: string[] = []
  let [count, isSame, left] = [0, true, 4 * executed.length + spared]
  for (let at = thread.actions; at !== null; at = at.before) {
    if (left-- === 0) return -18
    const { node } = at
    if (!listed.has(node.key) && !isAction(graphs, node)) continue
    if (node.key !== executed[executed.length - 1 - count]) isSame = false
    count++
    if (node.result !== 'success') failed.push(node.key)
    if (!isSame && count >= executed.length + 4) return -18
  }
  if (!isSame || count !== executed.length) return -6 - Math.min(12, 3 * Math.abs(count - executed.length))
  return failed.reverse().join() === (post.failed ?? []).join() ? 0 : -6
}

export function endScore(graphs: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const allowed = allows(thread.position, { nodeId: 'end', moduleId: '', meant: graphsMeant(graphs.known, post) })
  const isOpen = allowed === null || (!allowed && !thread.proven)
  let score = (thread.asked === null ? 0 : -6) + (isOpen ? cutOffScore(graphs, thread, post) : 0)
  score += executedScore(graphs, thread, post)
  if (!isOpen) return score - (allowed ? 0 : 6)
  if (allowed === false) score += unlikely
  const last = thread.nodes === null ? '' : thread.nodes.step
  // Among several workflows: a logic node mostly leads somewhere, a concurrent task never does.
  if (
    graphs.learned.mixed &&
    thread.nodes !== null &&
    isLogic(thread.nodes.moduleId) &&
    thread.nodes.moduleId !== 'concurrent-task'
  )
    score -= 0.7
  score += nextScore(graphs.learned, last, 'end') ?? 0
  // A connection that was not walked yet is walked.
  const firsts = thread.nodes === null ? undefined : graphs.learned.firsts.get(thread.nodes.key)
  const goesOn = firsts !== undefined && !firsts.has('') && thread.nodes?.result === 'success'
  if (goesOn && visits(thread, thread.nodes!.nodeId) === 1) score -= 4
  score += unfinishedTask(graphs.learned, thread, '')
  return score - Math.min(4, missingBefore(graphs.learned, thread, 'end'))
}
