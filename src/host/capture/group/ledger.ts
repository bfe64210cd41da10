// Which run each post is in: what grouping finds, what a person changed about it, and what the index on disk says of both. Everything that
// changes one of them takes turns here, so that the index never says "all posts up to here" of posts that are in no run of it.
import { setImmediate as breathe } from 'node:timers/promises'
import { createTurns } from '../../pauses.ts'
import { fromGrouped, runIdOf, type CapturedRun } from '../derive/captured-run.ts'
import { CapturedRuns } from '../derive/captured-runs.ts'
import { describeByHand } from '../derive/describe-by-hand.ts'
import type { Intake, Standing } from '../intake.ts'
import { CaptureIndex, correctionsName, runsName, type Progress } from '../journal/capture-index.ts'
import type { PostReader } from '../journal/segments-reader.ts'
import { auditPosts, describeAudit } from './accounts.ts'
import type { KnownGraphs } from './all.ts'
import { CorrectionBook } from './correction-book.ts'
import type { Correction } from './corrections.ts'
import type { GroupedRun } from './grouping.ts'
import { NestedParents, type ParentEntry } from './nested-parents.ts'
import { groupAnew } from './regroup.ts'
import type { TellProblem } from '../journal/maintenance.ts'

interface LedgerOptions {
  readonly dir: string
  readonly reader: PostReader
  readonly intake: Intake
  readonly writable: () => boolean
  /** Posts that were removed for good, or are about to be: they are in no run. */
  readonly isRemoved: (seq: number) => boolean
  readonly tell: (changed: readonly CapturedRun[], removed: readonly string[]) => void
  readonly problem: TellProblem
}

const turnMs = 8

interface Unwritten {
  readonly settled: CapturedRun[]
  readonly parents: ParentEntry[]
  readonly unassigned: number[]
  /** Open runs changed. */
  other: boolean
}

const nothingUnwritten = (): Unwritten => ({ settled: [], parents: [], unassigned: [], other: false })

/** With fewer posts that wait the index is written whenever something is new. */
const fewWaiting = 1000

export class Ledger {
  readonly runs = new CapturedRuns()
  private readonly index: CaptureIndex
  private readonly corrections: CorrectionBook
  private readonly nested = new NestedParents()
  /** Runs that grouping holds: they may still change, and their posts wait in the index. */
  private held = new Set<string>()
  private readonly inTurn = createTurns()
  /** The index misses something, or says too much: the next time it is written anew. */
  private stale = false
  /** What the index does not say yet. */
  private unwritten: Unwritten = nothingUnwritten()
  /** So many posts are taken in when it is written again: what waits is listed each time, however much it is. */
  private due = 0
  /** The index is of a newer version: it is left as it is. */
  private frozen = false

  constructor(private readonly options: LedgerOptions) {
    const { dir, reader, intake } = options
    this.index = new CaptureIndex(dir)
    this.corrections = new CorrectionBook(this.index, this.runs, (id, posts, original) =>
      describeByHand(reader, (seq, post) => intake.understand(seq, post), id, posts, original)
    )
  }

  /** The newest runs, at once. Answers how far they go. */
  async begin(): Promise<number> {
    const tail = await this.index.tail()
    for (const run of tail.runs) this.runs.set(run.id, run)
    if (tail.runs.length > 0) this.options.tell(tail.runs, [])
    return tail.through
  }

  /** Reads what is known; returns the posts up to there that are to be grouped (again), ascending. */
  async load(): Promise<readonly number[]> {
    const { tell, problem, intake } = this.options
    const early = new Set(this.runs.keys())
    let turn = performance.now()
    const loaded = await this.index.load(async (runs) => {
      for (const run of runs) {
        this.runs.set(run.id, run)
        early.delete(run.id)
      }
      tell(runs, [])
      // With a progress line behind every run a turn each would be slow; a long one would be felt.
      if (performance.now() - turn < turnMs) return
      await breathe()
      turn = performance.now()
    })
    this.dissolve([...early])
    if (loaded.problem !== null) problem(loaded.problem, runsName)
    this.frozen = loaded.state === 'newer'
    if (loaded.state === 'cut') this.stale = true
    // A removal came between: the index still has runs of posts that are gone.
    if (this.without(this.options.isRemoved)) this.stale = true
    const waiting = await this.audit(loaded)
    intake.resume(loaded.through, waiting, loaded.unassigned)
    const wrong = await this.corrections.load(this.options.writable())
    if (wrong !== null) problem(wrong, correctionsName)
    return waiting
  }

  private dissolve(ids: readonly string[]): void {
    for (const id of ids) this.runs.delete(id)
    if (ids.length > 0) this.options.tell([], ids)
  }

  /** Takes posts out of the runs that have them. Returns whether there were any. */
  private without(isGone: (seq: number) => boolean, runs: Iterable<CapturedRun> = this.runs.values()): boolean {
    const [changed, gone]: [CapturedRun[], string[]] = [[], []]
    for (const run of [...runs]) {
      if (!run.posts.some(([seq]) => isGone(seq))) continue
      const posts = run.posts.filter(([seq]) => !isGone(seq))
      if (posts.length === 0) gone.push(run.id)
      else changed.push({ ...run, posts })
    }
    for (const run of changed) this.runs.set(run.id, run)
    if (changed.length > 0) this.options.tell(changed, [])
    this.dissolve(gone)
    return changed.length + gone.length > 0
  }

  /** Holds what the index says against the files. Returns the posts to be grouped, ascending. */
  private async audit({ through, waiting, unassigned }: Progress): Promise<readonly number[]> {
    const { reader, isRemoved, problem } = this.options
    const claims = { runs: [...this.runs.values()], waiting, unassigned, through }
    const found = await auditPosts(claims, await reader.postFiles())
    const audit = { ...found, missing: found.missing.filter((seq) => !isRemoved(seq)) }
    const again = new Set([...waiting, ...audit.missing])
    for (const id of audit.overlapping) for (const [seq] of this.runs.get(id)?.posts ?? []) again.add(seq)
    this.dissolve(audit.overlapping)
    if (audit.missing.length > 0 || audit.overlapping.length > 0) this.stale = true
    const wrong = describeAudit(audit)
    if (wrong !== null) problem(wrong)
    return [...again].filter((seq) => !isRemoved(seq)).sort((a, b) => a - b)
  }

  /**
   * Takes over what grouping has settled and how the open runs look now; tells everybody; writes the index when it is time, or `whole`.
   */
  settle(whole = false): Promise<void> {
    return this.inTurn(() => this.settleNow(whole))
  }

  private async settleNow(whole = false): Promise<void> {
    const { intake, tell, writable } = this.options
    let taken = 0
    const { settled, open, gone, unassigned, standing } = await intake.look((count) => {
      taken = count
      return (whole || count >= this.due) && writable() && !this.frozen
    })
    const changed = new Map<string, CapturedRun>()
    for (const run of [...settled, ...open]) changed.set(runIdOf(run.id), fromGrouped(run, undefined))
    const removed = gone.map(runIdOf).filter((id) => this.held.has(id))
    for (const id of removed) this.held.delete(id)
    for (const { id } of settled) this.held.delete(runIdOf(id))
    const resting = this.resting(changed)
    for (const { id } of open) this.held.add(runIdOf(id))
    const parents = this.nested.find({ settled, open, resting }, changed, this.runs)
    for (const id of removed) this.runs.delete(id)
    for (const [id, run] of changed) this.runs.set(id, run)
    const concerned = this.corrections.regrouped(changed, removed)
    const { unwritten } = this
    for (const { id } of settled) unwritten.settled.push(changed.get(runIdOf(id))!)
    for (const entry of parents) unwritten.parents.push(entry)
    for (const seq of unassigned) unwritten.unassigned.push(seq)
    unwritten.other ||= changed.size + removed.length + unassigned.length > 0
    if (standing !== null && (unwritten.other || this.stale)) await this.write(standing, taken)
    tell([...changed.values(), ...parents.map(([id]) => this.runs.get(id)!)], removed)
    if (concerned) await this.correctNow()
  }

  /** Open runs that did not change. */
  private *resting(changed: ReadonlyMap<string, CapturedRun>): Generator<GroupedRun> {
    for (const run of this.options.intake.told()) if (!changed.has(runIdOf(run.id))) yield run
  }

  private async write({ through, waiting }: Standing, taken: number): Promise<void> {
    const { intake, isRemoved, problem } = this.options
    const { settled, parents, unassigned } = this.unwritten
    const wasStale = this.stale
    // What this would have said must not be missing between lines to come: if it fails, the whole is written next time.
    this.stale = true
    this.unwritten = nothingUnwritten()
    let written = waiting.length
    try {
      if (!wasStale) await this.index.append(settled, parents, { through, waiting, unassigned })
      else {
        const kept = this.corrections.asGrouped(isRemoved).filter((run) => !this.held.has(run.id))
        written += kept.length
        await this.index.rewrite(kept, { through, waiting, unassigned: [...intake.unassigned] })
      }
      this.stale = false
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!wasStale)
        problem(`runs.ndjson cannot be written (${reason}); its runs will be rebuilt at the next start.`, runsName)
    }
    this.due = taken + (written <= fewWaiting ? 0 : Math.ceil(written / 8))
  }

  /** What the index says is no longer so: it is written anew with the next settling. */
  private spoil(): void {
    this.stale = true
    this.due = 0
  }

  /** Takes posts that are gone for good out of everything, and writes the index anew. */
  drop(gone: ReadonlySet<number>): Promise<void> {
    return this.inTurn(async () => {
      await this.options.intake.regroup(gone)
      await this.settleNow()
      this.options.intake.forget(gone)
      this.without((seq) => gone.has(seq))
      this.spoil()
      await this.settleNow()
    })
  }

  /** Of an import that ended within: its posts, without those of runs that others share with them. */
  ofImport(imported: ReadonlySet<number>): Promise<Set<number>> {
    return this.inTurn(async () => {
      await this.options.intake.regroup(imported)
      await this.settleNow()
      const gone = new Set(imported)
      for (const { posts } of this.runs.values())
        if (!posts.every(([seq]) => imported.has(seq))) for (const [seq] of posts) gone.delete(seq)
      return gone
    })
  }

  /** The workflows changed: open runs are grouped anew at once, and those whose grouping was doubtful. */
  useGraphs(graphs: KnownGraphs): Promise<void> {
    return this.inTurn(async () => {
      const { intake, reader, tell } = this.options
      await intake.regroup()
      await this.settleNow()
      if (!this.options.writable()) return
      const doubtful = [...this.runs.values()].filter(
        (run) =>
          run.confidence < 0.9 && !run.open && !run.corrected && !this.held.has(run.id) && graphs.has(run.trigger)
      )
      const found = await groupAnew(reader, doubtful, graphs, (seq, post) => intake.understand(seq, post))
      if (found === null) return
      for (const id of found.removed) this.runs.delete(id)
      for (const run of found.changed) this.runs.set(run.id, run)
      this.spoil()
      await this.settleNow()
      tell(found.changed, found.removed)
      await this.correctNow()
    })
  }

  async addCorrection(kind: Correction['kind'], posts: readonly number[], to: string | null | undefined) {
    const correction = await this.corrections.add(kind, posts, to)
    await this.correct()
    return correction
  }

  /** Takes back a correction, the last one by default; answers it, or null when there is none. */
  async undoCorrection(id?: number): Promise<Correction | null> {
    const found = await this.corrections.undo(id)
    if (found !== null) await this.correct()
    return found
  }

  /** Lays the corrections over what grouping found. */
  correct(): Promise<void> {
    return this.inTurn(() => this.correctNow())
  }

  private async correctNow(): Promise<void> {
    if (this.corrections.isEmpty) return
    const { changed, removed } = await this.corrections.apply((seq) => this.runs.ownerOf(seq))
    this.options.tell(changed, removed)
    this.without(this.options.isRemoved, changed)
  }

  /** True of a post that is listed without a run: not understood, not readable, or taken out of all runs by a person. */
  isUnassigned(seq: number): boolean {
    const isWithout = this.options.intake.unassigned.has(seq) || this.corrections.without.has(seq)
    return isWithout && this.runs.ownerOf(seq) === null
  }

  get unassigned(): readonly number[] {
    const all = new Set([...this.options.intake.unassigned, ...this.corrections.without])
    return [...all].filter((seq) => this.runs.ownerOf(seq) === null)
  }
}
