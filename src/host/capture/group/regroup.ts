// Doubtful runs once more, now that their workflow is known.
import { fromGrouped, runIdOf, type CapturedRun } from '../derive/captured-run.ts'
import type { PostReader } from '../journal/segments-reader.ts'
import type { RawPost } from '../understand/ndjson.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import type { Understood } from '../understand/understand.ts'
import { groupPosts, type KnownGraphs } from './all.ts'

/** More would take long while nobody waits for it; the newest ones matter. */
const mostPosts = 5000

export interface Regrouped {
  readonly changed: readonly CapturedRun[]
  readonly removed: readonly string[]
}

/** Groups the posts of some runs anew with what is known now. Null when that makes nothing surer. */
export async function groupAnew(
  reader: PostReader,
  runs: readonly CapturedRun[],
  known: KnownGraphs,
  understand: (seq: number, post: RawPost) => Understood
): Promise<Regrouped | null> {
  const newest = [...runs].sort((a, b) => b.startedAt - a.startedAt)
  let count = 0
  const asked = newest.filter((run) => (count += run.posts.length) <= mostPosts)
  const seqs = asked.flatMap((run) => run.posts.map(([seq]) => seq)).sort((a, b) => a - b)
  const understood = new Map<number, Understood>()
  for await (const [seq, stored] of reader.readEach(seqs))
    if (!('why' in stored)) understood.set(seq, understand(seq, stored))
  // Without a post that cannot be read the others of its run would be grouped otherwise than they were: such a run stays as it is.
  const taken = asked.filter((run) => run.posts.every(([seq]) => understood.has(seq)))
  const summaries: PostSummary[] = []
  const ends = new Map<number, unknown>()
  for (const seq of taken.flatMap((run) => run.posts.map(([post]) => post)).sort((a, b) => a - b)) {
    const { summary, end } = understood.get(seq)!
    summaries.push(summary)
    if (end !== undefined) ends.set(seq, end)
  }
  const found = groupPosts(summaries, known, (seq) => ends.get(seq))
  // One that is understood no longer stays where it was: no post leaves its run for none.
  if (found.unassigned.length > 0) return null
  const before = new Map(taken.map((run) => [run.id, run]))
  const changed = found.runs.map((run) => {
    const link = found.parents.get(run.id)
    const made = fromGrouped({ ...run, open: false }, link)
    return link === undefined ? { ...made, parent: before.get(runIdOf(run.id))?.parent ?? null } : made
  })
  const sure = (list: readonly CapturedRun[]): number =>
    list.reduce((sum, run) => sum + run.confidence * run.posts.length, 0)
  if (sure(changed) <= sure(taken)) return null
  const now = new Set(changed.map((run) => run.id))
  return { changed, removed: taken.flatMap((run) => (now.has(run.id) ? [] : [run.id])) }
}
