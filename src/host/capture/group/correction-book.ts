// Lays what a person changed over what grouping found, and takes it off again.
import type { CapturedRun } from '../derive/captured-run.ts'
import type { CaptureIndex } from '../journal/capture-index.ts'
import { applyCorrections, effective, lastCorrection, type Correction, type CorrectionLine } from './corrections.ts'

type Posts = readonly (readonly [seq: number, job: number])[]

const longRun = 100

export interface Overlay {
  readonly changed: readonly CapturedRun[]
  readonly removed: readonly string[]
}

export class CorrectionBook {
  private lines: CorrectionLine[] = []
  /** Runs as grouped, where corrections changed them. */
  private readonly grouped = new Map<string, CapturedRun>()
  private posts: { readonly lines: number; readonly of: ReadonlySet<number> } | null = null
  /** Long runs without a corrected post, as far as they were looked at. */
  private readonly seen = new Map<string, { readonly count: number; readonly last: number }>()
  /** Posts that a person took out of all runs. */
  without: ReadonlySet<number> = new Set()

  constructor(
    private readonly index: CaptureIndex,
    private readonly runs: Map<string, CapturedRun>,
    /** Describes a run out of posts; null when none of them is there any more. */
    private readonly describe: (
      id: string,
      posts: Posts,
      original: CapturedRun | undefined
    ) => Promise<CapturedRun | null>
  ) {}

  /** Reads the corrections; returns what was wrong with the file. */
  async load(write = true): Promise<string | null> {
    const { lines, problem } = await this.index.loadCorrections(write)
    this.lines = [...lines]
    return problem
  }

  get isEmpty(): boolean {
    return this.lines.length === 0
  }

  async add(kind: Correction['kind'], posts: readonly number[], to: string | null | undefined): Promise<Correction> {
    const id = this.lines.length + 1
    const correction: Correction = {
      id,
      at: new Date().toISOString(),
      kind,
      posts: [...posts],
      to: to === undefined ? `x-${id}` : to
    }
    await this.index.addCorrection(correction)
    this.lines.push(correction)
    return correction
  }

  /** Takes back a correction, the last one by default; answers it, or null when there is none. */
  async undo(id?: number): Promise<Correction | null> {
    const found =
      id === undefined
        ? lastCorrection(this.lines)
        : (effective(this.lines).find((correction) => correction.id === id) ?? null)
    if (found === null) return null
    const line = { undo: found.id, at: new Date().toISOString() }
    await this.index.addCorrection(line)
    this.lines.push(line)
    return found
  }

  /** All runs as grouping sees them, also those that corrections made disappear; without posts that are gone for good. */
  asGrouped(isGone: (seq: number) => boolean = () => false): CapturedRun[] {
    const untouched = [...this.runs.values()].filter((run) => !run.corrected && !this.grouped.has(run.id))
    return [...untouched, ...this.grouped.values()].flatMap((run) => {
      if (!run.posts.some(([seq]) => isGone(seq))) return [run]
      const posts = run.posts.filter(([seq]) => !isGone(seq))
      return posts.length === 0 ? [] : [{ ...run, posts }]
    })
  }

  /** Posts of corrections that hold. Asked for with each post, changed by a person. */
  private corrected(): ReadonlySet<number> {
    if (this.posts?.lines === this.lines.length) return this.posts.of
    const of = new Set(effective(this.lines).flatMap((correction) => correction.posts))
    this.posts = { lines: this.lines.length, of }
    this.seen.clear()
    return of
  }

  /** Whether a corrected post is among a run's. Of one that grows the posts that were looked at are not looked at again. */
  private isConcerned({ id, posts }: CapturedRun, corrected: ReadonlySet<number>): boolean {
    if (posts.length < longRun) return posts.some(([seq]) => corrected.has(seq))
    const before = this.seen.get(id)
    const from = before !== undefined && posts[before.count - 1]?.[0] === before.last ? before.count : 0
    for (let i = from; i < posts.length; i++) if (corrected.has(posts[i]![0])) return true
    this.seen.set(id, { count: posts.length, last: posts.at(-1)![0] })
    return false
  }

  /** Grouping changed its mind about runs. Returns whether a correction has to do with them. */
  regrouped(changed: ReadonlyMap<string, CapturedRun>, removed: readonly string[]): boolean {
    if (this.isEmpty) return false
    const posts = this.corrected()
    for (const id of removed) this.seen.delete(id)
    let concerned = removed.filter((id) => this.grouped.delete(id)).length > 0
    for (const [id, run] of changed) {
      if (this.grouped.has(id)) this.grouped.set(id, run)
      else if (!this.isConcerned(run, posts)) continue
      concerned = true
    }
    return concerned
  }

  /** Brings the runs in line with all corrections that hold. `runOf` returns a post's run as it is then. */
  async apply(runOf: (seq: number) => string | null): Promise<Overlay> {
    const gone: string[] = []
    for (const [id, run] of this.runs) {
      if (!run.corrected || this.grouped.has(id)) continue
      this.runs.delete(id)
      gone.push(id)
    }
    for (const [id, original] of this.grouped) this.runs.set(id, original)
    const before = [...this.grouped.keys()]
    this.grouped.clear()
    const found = applyCorrections(effective(this.lines), runOf, (id) => this.runs.get(id)?.posts ?? null)
    this.without = found.removed
    const changed: CapturedRun[] = []
    for (const [id, posts] of found.runs) {
      const original = this.runs.get(id)
      if (original !== undefined) this.grouped.set(id, original)
      const run = posts.length === 0 ? null : await this.describe(id, posts, original)
      if (run === null) {
        this.runs.delete(id)
        gone.push(id)
      } else {
        this.runs.set(id, run)
        changed.push(run)
      }
    }
    for (const id of before) if (!found.runs.has(id) && this.runs.has(id)) changed.push(this.runs.get(id)!)
    return { changed, removed: gone.filter((id) => !this.runs.has(id)) }
  }
}
