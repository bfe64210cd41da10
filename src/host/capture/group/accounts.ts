// Where every stored post is. Each is in exactly one run, or listed without one, or it was removed on purpose and that is recorded: what
// an end without warning, or a file that somebody changed, left in none or in two of these is found here at each start.
import { countLeading } from '../../../contract/lists.ts'
import { plural } from '../../../contract/words.ts'
import { createPauses } from '../../pauses.ts'
import type { CapturedRun } from '../derive/captured-run.ts'
import type { PostsOfFile } from '../journal/segments-reader.ts'

export interface Claims {
  readonly runs: readonly Pick<CapturedRun, 'id' | 'posts'>[]
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
  const at = countLeading(files, ({ last }) => last < seq)
  return (files[at]?.first ?? Infinity) <= seq ? at : -1
}

const chunkBits = 15

/** Numbers of posts: a million of them take a megabyte, and those of a damaged file no more than there are. */
class Marks {
  private readonly chunks = new Map<number, Uint8Array>()

  has(seq: number): boolean {
    return this.chunks.get(Math.floor(seq / 2 ** chunkBits))?.[seq % 2 ** chunkBits] === 1
  }

  /** False when it is there already. */
  add(seq: number): boolean {
    const key = Math.floor(seq / 2 ** chunkBits)
    let chunk = this.chunks.get(key)
    if (chunk === undefined) this.chunks.set(key, (chunk = new Uint8Array(2 ** chunkBits)))
    const isNew = chunk[seq % 2 ** chunkBits] === 0
    chunk[seq % 2 ** chunkBits] = 1
    return isNew
  }
}

/** How many of the posts of each file are claimed. */
class Counts {
  private readonly counts: number[]
  private last = 0

  constructor(private readonly files: Files) {
    this.counts = new Array<number>(files.length).fill(0)
  }

  add(seq: number): void {
    const file = this.files[this.last]
    // Most lie where the one before did.
    if (file === undefined || seq < file.first || seq > file.last) this.last = fileOf(this.files, seq)
    if (this.last >= 0) this.counts[this.last]!++
  }

  of(file: number): number {
    return this.counts[file] ?? 0
  }
}

/**
 * Compares what is claimed with what is stored. Linear: a compacted file is only looked into when fewer or more of its posts are claimed
 * than it has. `files`: ascending.
 */
export async function auditPosts(
  claims: Claims,
  files: readonly Omit<PostsOfFile, 'segment' | 'compact'>[]
): Promise<Audit> {
  const pause = createPauses()
  const [claimed, counts] = [new Marks(), new Counts(files)]
  const waiting = new Set(claims.waiting)
  const twice = new Set<number>()
  const claim = (seq: number): boolean => {
    const isNew = claimed.add(seq)
    if (isNew) counts.add(seq)
    return isNew
  }
  for (const { posts } of claims.runs) {
    for (const [seq] of posts) if (!claim(seq)) twice.add(seq)
    const rest = pause()
    if (rest !== undefined) await rest
  }
  const overlapping: string[] = []
  if (twice.size + waiting.size > 0)
    for (const { id, posts } of claims.runs)
      if (posts.some(([seq]) => twice.has(seq) || waiting.has(seq))) overlapping.push(id)
  for (const seq of waiting) claim(seq)
  for (const seq of claims.unassigned) claim(seq)
  const missing: number[] = []
  for (const [i, file] of files.entries()) {
    if (file.first > claims.through || (file.last <= claims.through && counts.of(i) === file.posts)) continue
    for (const seq of await file.numbers()) if (seq <= claims.through && !claimed.has(seq)) missing.push(seq)
  }
  return { missing: missing.sort((a, b) => a - b), twice: [...twice].sort((a, b) => a - b), overlapping }
}

/** What a start had to put right, in words; null when nothing. */
export function describeAudit({ missing, twice }: Audit): string | null {
  const parts: string[] = []
  if (missing.length > 0)
    parts.push(
      `${plural(missing.length, 'post')} (${missing[0]} to ${missing.at(-1)}) ${missing.length === 1 ? 'was' : 'were'} in no run`
    )
  if (twice.length > 0) parts.push(`${plural(twice.length, 'post')} (${twice[0]} to ${twice.at(-1)}) in two runs`)
  if (parts.length === 0) return null
  return `${parts.join(', and ')}: Retrace was stopped at a bad moment, or a file under capture/ was changed. They are being grouped again.`
}
