// Capture as a whole: the listener writes posts to the journal; at leisure they are read back, understood and grouped; runs that are
// settled go to the index. One service per workspace; whoever opens it for writing holds the workspace's lock.
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { JsonMap } from '../../contract/json.ts'
import { CaptureIndex } from '../store/capture-index.ts'
import type { Journal } from '../store/journal.ts'
import { PostReader } from '../store/segments-reader.ts'
import { createTurns } from '../pauses.ts'
import { lostPosts } from './lost-posts.ts'
import { fromGrouped, runIdOf, type CapturedRun } from './captured-run.ts'
import { CapturedRuns } from './captured-runs.ts'
import { CorrectionBook } from './correction-book.ts'
import type { Correction } from './corrections.ts'
import { describeByHand } from './describe-by-hand.ts'
import type { KnownGraphs } from './grouping-all.ts'
import type { GraphIndex } from './grouping-graph.ts'
import { Intake } from './intake.ts'
import { Listener, type ListenerEvent, type ListenerOptions } from './listener.ts'
import { compactSealed, describeProblem, removePosts, type Compaction, type Progress } from './maintenance.ts'
import type { RawPost } from './ndjson.ts'
import { NestedParents } from './nested-parents.ts'
import { closeJournal, openJournal } from './open-journal.ts'
import { groupAnew } from './regroup.ts'
import type { Understood } from './understand.ts'

export interface CaptureEvents {
  /** Runs that are new or changed, and ids of runs that are no more. */
  readonly runs?: (changed: readonly CapturedRun[], removed: readonly string[]) => void
  readonly listener?: (event: ListenerEvent) => void
  readonly problem?: (message: string) => void
}

export interface CaptureOptions {
  readonly events?: CaptureEvents
  /** Workflows of the workspace by trigger: with them runs are told apart for sure. */
  readonly graphs?: KnownGraphs
  /** The workspace's, asked for each post: the limits of templates. */
  readonly settings?: () => JsonMap
  readonly segmentBytes?: number
  /** The built parse-worker; null or absent: everything is parsed in this thread. */
  readonly parserUrl?: URL | null
}

export const captureFolder = (workspace: string): string => join(workspace, 'capture')

/** Who brings posts in may look after them: `check` throws when no more shall come. */
export interface ImportWatch {
  readonly check?: () => void
  readonly progress?: (posts: number) => void
}

const catchUpBatch = 2000
const turnMs = 8

export class CaptureService {
  readonly runs = new CapturedRuns()
  readonly reader: PostReader
  /** Everything that was captured before is known. */
  ready: Promise<void> = Promise.resolve()
  journal: Journal | null = null
  listener: Listener | null = null
  private readonly index: CaptureIndex
  private readonly intake: Intake
  private readonly corrections: CorrectionBook
  private readonly nested = new NestedParents()
  private readonly graphs: Map<string, readonly GraphIndex[]>
  private openIds = new Set<string>()
  private reportedUnassigned = new Set<number>()
  /** Compacting and removing write the same segments anew. */
  private readonly onFiles = createTurns()
  private closing = false

  private constructor(
    readonly dir: string,
    private readonly options: CaptureOptions
  ) {
    this.reader = new PostReader(dir)
    this.index = new CaptureIndex(dir)
    this.graphs = new Map(options.graphs)
    this.intake = new Intake(this.reader, {
      ...{ graphs: this.graphs, parserUrl: options.parserUrl ?? null },
      settings: options.settings ?? (() => ({})),
      settle: () => this.settle(),
      problem: (message) => this.report(message)
    })
    this.corrections = new CorrectionBook(this.index, this.runs, (id, posts, original) =>
      describeByHand(this.reader, (seq, post) => this.intake.understand(seq, post), id, posts, original)
    )
  }

  /** Opens the capture folder and reads what is there. `write` false only looks: nothing on disk changes. */
  static async open(workspace: string, options: CaptureOptions = {}, write = true): Promise<CaptureService> {
    const service = await CaptureService.begin(workspace, options, write)
    await service.ready
    return service
  }

  /** Opens the capture folder so far that posts can be taken and the newest runs are known; the rest comes until `ready`. */
  static async begin(workspace: string, options: CaptureOptions = {}, write = true): Promise<CaptureService> {
    const service = new CaptureService(captureFolder(workspace), options)
    const tail = await service.index.tail()
    for (const run of tail.runs) service.runs.set(run.id, run)
    if (tail.runs.length > 0) options.events?.runs?.(tail.runs, [])
    if (write) {
      const limits = options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }
      const { journal, problems } = await openJournal(service.dir, limits, tail.through)
      service.journal = journal
      for (const problem of problems) service.report(describeProblem(problem))
    }
    service.ready = service.load()
    // Whoever waits for it gets the error; nobody waiting is no crash.
    service.ready.catch(() => undefined)
    return service
  }

  get unassigned(): ReadonlySet<number> {
    return this.intake.unassigned
  }

  private report(message: string): void {
    this.options.events?.problem?.(message)
  }

  private async load(): Promise<void> {
    const early = new Set(this.runs.keys())
    let turn = performance.now()
    const loaded = await this.index.load(async (runs) => {
      for (const run of runs) {
        this.runs.set(run.id, run)
        early.delete(run.id)
      }
      this.options.events?.runs?.(runs, [])
      // With a progress line behind every run a turn each would be slow; a long one would be felt.
      if (performance.now() - turn < turnMs) return
      await breathe()
      turn = performance.now()
    })
    for (const id of early) this.runs.delete(id)
    if (early.size > 0) this.options.events?.runs?.([], [...early])
    for (const seq of loaded.unassigned) this.intake.unassigned.add(seq)
    for (const seq of loaded.unassigned) this.reportedUnassigned.add(seq)
    if (loaded.problem !== null) this.report(loaded.problem)
    this.intake.through = loaded.through
    const problem = await this.corrections.load()
    if (problem !== null) this.report(problem)
    await this.catchUp(loaded.waiting)
    await this.correct()
    const lost = lostPosts(this.runs.values(), await this.reader.ranges())
    if (lost !== null) this.report(lost)
    if (this.journal !== null) this.intake.start()
  }

  /** Groups posts that no index knows yet, and those whose run was still open. */
  private async catchUp(waiting: readonly number[]): Promise<void> {
    let batch: Understood[] = []
    const flush = async (): Promise<void> => {
      await this.intake.addBatch(batch)
      batch = []
      await this.settle()
      await breathe()
    }
    const take = async (seq: number): Promise<void> => {
      const stored = this.closing ? null : await this.reader.read(seq)
      if (stored !== null) batch.push(this.intake.understand(seq, stored))
      if (batch.length >= catchUpBatch) await flush()
    }
    for (const seq of waiting) await take(seq)
    for await (const { seq } of this.reader.places(this.intake.through + 1)) {
      if (this.closing) break
      await take(seq)
    }
    await flush()
  }

  async listen(options: ListenerOptions = {}): Promise<Listener> {
    this.listener = await Listener.start(this.assertWritable(), {
      ...options,
      onEvent: (event) => {
        if (event.type === 'post') {
          this.reader.note(event.post)
          this.intake.arrived(event.post)
        }
        options.onEvent?.(event)
        this.options.events?.listener?.(event)
      }
    })
    return this.listener
  }

  /** Stores posts that did not come over the network. Answers their numbers. Where `follow.check` throws, none of them stays. */
  async importPosts(posts: AsyncIterable<RawPost> | Iterable<RawPost>, follow: ImportWatch = {}): Promise<number[]> {
    const journal = this.assertWritable()
    await this.ready
    await this.idle()
    const seqs: number[] = []
    let batch: Understood[] = []
    const group = async (): Promise<void> => {
      await this.intake.addBatch(batch, follow.check)
      batch = []
      await this.settle()
    }
    try {
      for await (const { meta, body } of posts) {
        follow.check?.()
        const stored = await journal.write(meta, body)
        seqs.push(stored.seq)
        this.reader.note(stored)
        batch.push(this.intake.understand(stored.seq, { meta, body }))
        if (batch.length < catchUpBatch) continue
        await group()
        follow.progress?.(seqs.length)
      }
      await group()
    } catch (error) {
      await this.takeBack(seqs)
      throw error
    }
    return seqs
  }

  /** Of an import that ended within: its posts leave the journal, as if they had never come. Runs that others share with them stay. */
  private async takeBack(seqs: readonly number[]): Promise<void> {
    this.intake.through = seqs.reduce((last, seq) => Math.max(last, seq), this.intake.through)
    await this.intake.regroup(new Set(seqs))
    await this.settle()
    const imported = new Set(seqs)
    const touched = [...this.runs.values()].filter((run) => run.posts.some(([seq]) => imported.has(seq)))
    const [gone, shared] = [new Set(imported), touched.filter((run) => !run.posts.every(([seq]) => imported.has(seq)))]
    for (const run of shared) for (const [seq] of run.posts) gone.delete(seq)
    const ids = touched.filter((run) => !shared.includes(run)).map(({ id }) => id)
    for (const seq of gone) this.intake.unassigned.delete(seq)
    await this.removeForGood(ids, gone)
  }

  /** Resolves when every post so far is grouped. */
  idle(): Promise<void> {
    return this.intake.idle()
  }

  /** The workspace's workflows changed: open runs are grouped anew at once, and those whose grouping was doubtful. */
  async useGraphs(graphs: KnownGraphs): Promise<void> {
    await this.ready
    await this.idle()
    this.graphs.clear()
    for (const [trigger, list] of graphs) this.graphs.set(trigger, list)
    await this.intake.regroup()
    await this.settle()
    if (this.journal === null) return
    const doubtful = [...this.runs.values()].filter(
      (run) => run.confidence < 0.9 && !run.open && !run.corrected && this.graphs.has(run.trigger)
    )
    const found = await groupAnew(this.reader, doubtful, this.graphs, (seq, post) => this.intake.understand(seq, post))
    if (found === null) return
    for (const id of found.removed) this.runs.delete(id)
    for (const run of found.changed) this.runs.set(run.id, run)
    await this.rewriteIndex()
    this.options.events?.runs?.(found.changed, found.removed)
    await this.correct()
  }

  /** Takes over what grouping has settled and how the open runs look now; tells everybody; writes the index. */
  private async settle(): Promise<void> {
    const { settled, open, unassigned: without, through } = await this.intake.look()
    const changed = new Map<string, CapturedRun>()
    const nowOpen = new Set<string>()
    for (const run of settled) changed.set(runIdOf(run.id), fromGrouped(run, undefined))
    for (const run of open) {
      changed.set(runIdOf(run.id), fromGrouped(run, undefined))
      nowOpen.add(runIdOf(run.id))
    }
    const removed = [...this.openIds].filter((id) => !changed.has(id))
    this.openIds = nowOpen
    const parents = this.nested.find([...settled, ...open], settled, changed, this.runs)
    for (const id of removed) this.runs.delete(id)
    for (const [id, run] of changed) this.runs.set(id, run)
    const concerned = this.corrections.regrouped(changed, removed)
    const unassigned = [...without, ...this.takeUnassigned()]
    if (this.journal !== null && (changed.size > 0 || unassigned.length > 0)) {
      const waiting = open.flatMap((run) => run.posts.map(({ post }) => post.seq)).sort((a, b) => a - b)
      const final = settled.map((run) => changed.get(runIdOf(run.id))!)
      await this.index.append(final, parents, { through, waiting, unassigned })
    }
    this.options.events?.runs?.([...changed.values(), ...parents.map(([id]) => this.runs.get(id)!)], removed)
    if (concerned) await this.correct()
  }

  private takeUnassigned(): number[] {
    const fresh = [...this.intake.unassigned].filter((seq) => !this.reportedUnassigned.has(seq))
    for (const seq of fresh) this.reportedUnassigned.add(seq)
    return fresh
  }

  /** The run of a post. */
  runOf(seq: number): CapturedRun | null {
    return this.runs.get(this.runs.ownerOf(seq) ?? '') ?? null
  }

  /** Moves posts to a run, to a new run (`to` is undefined), or out of all runs (null). */
  async movePosts(
    posts: readonly number[],
    to: string | null | undefined,
    kind: Correction['kind'] = 'move'
  ): Promise<Correction> {
    this.assertWritable()
    await this.ready
    const correction = await this.corrections.add(kind, posts, to)
    await this.correct()
    return correction
  }

  /** The posts from `seq` on become a run of their own. */
  splitRun(runId: string, seq: number): Promise<Correction> {
    const posts = this.runs.get(runId)?.posts.map(([post]) => post) ?? []
    return this.movePosts(
      posts.filter((post) => post >= seq),
      undefined,
      'split'
    )
  }

  mergeRuns(from: string, into: string): Promise<Correction> {
    return this.movePosts(this.runs.get(from)?.posts.map(([post]) => post) ?? [], into, 'merge')
  }

  /** Takes back a correction, the last one by default; answers it, or null when there is none. */
  async undoCorrection(id?: number): Promise<Correction | null> {
    this.assertWritable()
    const found = await this.corrections.undo(id)
    if (found !== null) await this.correct()
    return found
  }

  private assertWritable(): Journal {
    if (this.journal === null) throw new Error('the workspace is read-only')
    return this.journal
  }

  /** Lays the corrections over what grouping found. */
  private async correct(): Promise<void> {
    if (this.corrections.isEmpty) return
    const { changed, removed } = await this.corrections.apply((seq) => this.runs.ownerOf(seq))
    this.options.events?.runs?.(changed, removed)
  }

  /** Compacts sealed segments, the current one too when `all`. Answers bytes before and after. */
  compact(all = false, progress: Progress = () => undefined): Promise<Compaction> {
    return this.onFiles(() => this.compactNow(all, progress))
  }

  private async compactNow(all: boolean, progress: Progress): Promise<Compaction> {
    const journal = this.assertWritable()
    await this.ready
    await this.idle()
    if (all) await journal.roll()
    return compactSealed(this.dir, journal.activeSegment, {
      problem: (message) => this.report(message),
      done: () => this.reader.refresh(),
      progress: (done, total) => !this.closing && progress(done, total) !== false
    })
  }

  /** Removes the posts of runs for good. Segments are written anew without them; answers the bytes that became free. */
  async removeRuns(ids: readonly string[], progress?: Progress): Promise<number> {
    this.assertWritable()
    await this.ready
    const gone = new Set<number>()
    for (const id of ids) for (const [seq] of this.runs.get(id)?.posts ?? []) gone.add(seq)
    return this.removeForGood(ids, gone, progress)
  }

  private removeForGood(ids: readonly string[], gone: ReadonlySet<number>, progress?: Progress): Promise<number> {
    return this.onFiles(() => this.removeNow(ids, gone, progress))
  }

  private async removeNow(ids: readonly string[], gone: ReadonlySet<number>, progress?: Progress): Promise<number> {
    let stopped = false
    await this.compactNow(true, (done, total) => !(stopped ||= progress?.(done, total) === false))
    // The end came first: nothing was removed yet, and nothing is.
    if (this.closing || stopped) return 0
    const saved = await removePosts(this.dir, gone)
    for (const id of ids) this.runs.delete(id)
    await this.reader.refresh()
    await this.rewriteIndex((seq) => gone.has(seq))
    this.options.events?.runs?.([], ids)
    return saved
  }

  private async rewriteIndex(isGone?: (seq: number) => boolean): Promise<void> {
    const runs = this.corrections.asGrouped(isGone)
    const waiting = runs.flatMap((run) => (run.open ? run.posts.map(([seq]) => seq) : [])).sort((a, b) => a - b)
    const kept = runs.filter((run) => !run.open)
    await this.index.rewrite(kept, { through: this.intake.through, waiting, unassigned: [...this.unassigned] })
  }

  /** Ends capture: the listener first, so that MISP gets its answers. What was not understood in time is grouped at the next start. */
  async close(): Promise<void> {
    await this.listener?.stop()
    this.closing = true
    await this.ready.catch(() => undefined)
    await this.intake.stop()
    if (this.journal !== null) {
      await this.settle()
      await closeJournal(this.journal)
    }
    await this.reader.close()
  }
}
