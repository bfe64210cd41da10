// Where every stored post is. Each is in exactly one run, or listed without one, or it was removed on purpose and that is recorded: what
// an end without warning, or a file that somebody changed, left in none or in two of these is found here at each start.
import type { PostsOfFile } from '../store/segments-reader.ts'
import type { CapturedRun } from './captured-run.ts'

export interface Claims {
  readonly runs: Iterable<Pick<CapturedRun, 'id' | 'posts'>>
  readonly waiting: readonly number[]
  readonly unassigned: readonly number[]
  /** Later posts are nobody's yet. */
  readonly through: number
}

export interface Audit {
  /** Stored posts that nobody claims. */
  readonly missing: readonly number[]
  /** Posts that two runs claim. */
  readonly twice: readonly number[]
  /** Runs that share a post with another run, or with those that wait: they are to be found anew. */
  readonly overlapping: readonly string[]
}

type Files = readonly Pick<PostsOfFile, 'first' | 'last'>[]

/** Index of the file that has the number within its range, or -1. `files`: ascending. */
export function fileOf(files: Files, seq: number): number {
  let [low, high] = [0, files.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((files[middle]?.last ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return (files[low]?.first ?? Infinity) <= seq ? low : -1
}

/**
 * Compares what is claimed with what is stored. Linear: a compacted file is only looked into when fewer or more of its posts are claimed
 * than it has. `files`: ascending.
 */
export async function auditPosts(
  claims: Claims,
  files: readonly Omit<PostsOfFile, 'segment' | 'compact'>[]
): Promise<Audit> {
  const claimed = new Set<number>()
  const waiting = new Set(claims.waiting)
  const twice = new Set<number>()
  for (const { posts } of claims.runs)
    for (const [seq] of posts) {
      if (claimed.has(seq)) twice.add(seq)
      claimed.add(seq)
    }
  const overlapping: string[] = []
  for (const { id, posts } of claims.runs)
    if (posts.some(([seq]) => twice.has(seq) || waiting.has(seq))) overlapping.push(id)
  for (const seq of waiting) claimed.add(seq)
  for (const seq of claims.unassigned) claimed.add(seq)
  const counts = new Array<number>(files.length).fill(0)
  for (const seq of claimed) {
    const file = fileOf(files, seq)
    if (file >= 0) counts[file]!++
  }
  const missing: number[] = []
  for (const [i, file] of files.entries()) {
    if (file.first > claims.through || (file.last <= claims.through && counts[i] === file.posts)) continue
    for (const seq of await file.numbers()) if (seq <= claims.through && !claimed.has(seq)) missing.push(seq)
  }
  return { missing: missing.sort((a, b) => a - b), twice: [...twice].sort((a, b) => a - b), overlapping }
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** What a start had to put right, in words; null when nothing. */
export function describeAudit({ missing, twice }: Audit): string | null {
  const parts: string[] = []
  if (missing.length > 0)
    parts.push(
      `${plural(missing.length, 'post')} (${missing[0]} to ${missing.at(-1)}) ${missing.length === 1 ? 'was' : 'were'} in no run`
    )
  if (twice.length > 0) parts.push(`${plural(twice.length, 'post')} (${twice[0]} to ${twice.at(-1)}) in two runs`)
  if (parts.length === 0) return null
  return `${parts.join(', and ')}: Retrace was ended at a bad moment, or a file under capture/ was changed. They are grouped again.`
}

/** Figures of a list of posts: `total` is the sum of the others. */
export interface PostAccounts {
  readonly total: number
  readonly inRuns: number
  readonly unassigned: number
  /** Stored, and not grouped yet. */
  readonly waiting: number
  readonly removed: number
}
