// Capture as a whole: the listener writes posts to the journal; at leisure they are read back, understood and grouped; runs that are
// settled go to the index. One service per workspace; whoever opens it for writing holds the workspace's lock.
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import type { Ports } from '../../engine/run/ports.ts'
import { CaptureIndex } from '../store/capture-index.ts'
import { Journal, type StoredPost } from '../store/journal.ts'
import type { JournalProblem } from '../store/segments-recovery.ts'
import { PostReader } from '../store/segments-reader.ts'
import { describeRun, fromGrouped, runIdOf, type CapturedRun } from './captured-run.ts'
import { CorrectionBook } from './correction-book.ts'
import type { Correction } from './corrections.ts'
import { Grouping, type KnownGraphs } from './grouping-all.ts'
import { Listener, type ListenerEvent, type ListenerOptions } from './listener.ts'
import { compactSealed, removePosts, type Compaction } from './maintenance.ts'
import type { RawPost } from './ndjson.ts'
import { NestedParents } from './nested-parents.ts'
import { ParseThread } from './parse-thread.ts'
import type { PostSummary } from './post-parse.ts'
import { understand, type Understood } from './understand.ts'

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
  readonly render?: Ports['render']
  readonly segmentBytes?: number
  /** The built parse-worker; null or absent: everything is parsed in this thread. */
  readonly parserUrl?: URL | null
}

export const captureFolder = (workspace: string): string => join(workspace, 'capture')

const describeProblem = (problem: JournalProblem): string => {
  switch (problem.kind) {
    case 'torn':
      return `The last post was not written to its end (${problem.bytes} bytes); it was never acknowledged. Its bytes are kept as ${problem.aside}.`
    case 'damaged':
      return `${problem.file} is damaged between bytes ${problem.from} and ${problem.to}; the posts around it are read.`
    case 'unreadable':
      return `${problem.file} cannot be read; it is kept as ${problem.aside}.`
    case 'unfinished-body':
      return `A large post had not arrived to its end; what came is kept as ${problem.aside}.`
    default: {
      const never: never = problem
      throw new Error(`unknown problem ${String(never)}`)
    }
  }
}

const catchUpBatch = 2000
const largeBytes = 256 * 1024

export class CaptureService {
  readonly runs = new Map<string, CapturedRun>()
  readonly unassigned = new Set<number>()
  readonly reader: PostReader
  journal: Journal | null = null
  listener: Listener | null = null
  private readonly index: CaptureIndex
  private grouping: Grouping
  private readonly corrections: CorrectionBook
  private queue: StoredPost[] = []
  private pumping: Promise<void> | null = null
  private through = 0
  private lastArrival = 0
  private stopped = false
  private readonly nested = new NestedParents()
  private readonly parser: ParseThread
  private owner: Map<number, string> | null = null
  private openIds = new Set<string>()

  private constructor(
    readonly dir: string,
    readonly options: CaptureOptions
  ) {
    this.reader = new PostReader(dir)
    this.index = new CaptureIndex(dir)
    this.parser = new ParseThread(dir, options.parserUrl ?? null)
    this.grouping = new Grouping(options.graphs)
    this.corrections = new CorrectionBook(this.index, this.runs, (id, posts, original) =>
      this.describe(id, posts, original)
    )
  }

  /** Opens the capture folder. `write` false only looks: nothing on disk changes. */
  static async open(workspace: string, options: CaptureOptions = {}, write = true): Promise<CaptureService> {
    const service = new CaptureService(captureFolder(workspace), options)
    const loaded = await service.index.load()
    for (const [id, run] of loaded.runs) service.runs.set(id, run)
    for (const seq of loaded.unassigned) service.unassigned.add(seq)
    // What is known can be shown before the newest segment was looked through.
    if (loaded.runs.size > 0) options.events?.runs?.([...service.runs.values()], [])
    if (write) {
      // Numbers are never given twice, also when the newest posts were removed.
      const minSeq = Math.max(await service.reader.lastSeq().catch(() => 0), loaded.through) + 1
      await service.reader.refresh()
      const limits = options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }
      const { journal, problems } = await Journal.open(service.dir, limits, minSeq)
      service.journal = journal
      for (const problem of problems) options.events?.problem?.(describeProblem(problem))
    }
    if (loaded.problem !== null) options.events?.problem?.(loaded.problem)
    service.through = loaded.through
    const problem = await service.corrections.load()
    if (problem !== null) options.events?.problem?.(problem)
    await service.catchUp(loaded.waiting)
    await service.correct()
    return service
  }

  /** Groups posts that no index knows yet, and those whose run was still open. */
  private async catchUp(waiting: readonly number[]): Promise<void> {
    let batch: Understood[] = []
    const take = async (seq: number): Promise<void> => {
      const stored = await this.reader.read(seq)
      if (stored !== null) batch.push(this.understand(seq, stored))
      this.through = Math.max(this.through, seq)
      if (batch.length < catchUpBatch) return
      this.groupBatch(batch)
      batch = []
      await this.settle()
      await breathe()
    }
    for (const seq of waiting) await take(seq)
    for await (const { seq } of this.reader.places(this.through + 1)) await take(seq)
    this.groupBatch(batch)
    await this.settle()
  }

  /** Posts that are all there: what the later ones show of a graph helps with the earlier ones. */
  private groupBatch(batch: readonly Understood[]): void {
    for (const { summary, end } of batch) this.grouping.learn(summary, end)
    const trial = new Grouping(this.options.graphs, this.grouping.learned, false)
    for (const { summary } of batch) trial.add(summary)
    trial.finish()
    for (const { summary } of batch) {
      if (summary.kind === 'unknown') this.unassigned.add(summary.seq)
      else this.grouping.add(summary, undefined, false)
    }
  }

  async listen(options: ListenerOptions = {}): Promise<Listener> {
    this.listener = await Listener.start(this.assertWritable(), {
      ...options,
      onEvent: (event) => {
        if (event.type === 'post') this.arrived(event.post)
        options.onEvent?.(event)
        this.options.events?.listener?.(event)
      }
    })
    return this.listener
  }

  /** Stores posts that did not come over the network. Answers their numbers. */
  async importPosts(posts: AsyncIterable<RawPost> | Iterable<RawPost>): Promise<number[]> {
    const journal = this.assertWritable()
    await this.idle()
    const seqs: number[] = []
    let batch: Understood[] = []
    for await (const { meta, body } of posts) {
      const stored = await journal.write(meta, body)
      seqs.push(stored.seq)
      this.reader.note(stored)
      batch.push(this.understand(stored.seq, { meta, body }))
      this.through = Math.max(this.through, stored.seq)
      if (batch.length < catchUpBatch) continue
      this.groupBatch(batch)
      batch = []
    }
    this.groupBatch(batch)
    await this.settle()
    return seqs
  }

  private arrived(post: StoredPost): void {
    this.lastArrival = performance.now()
    this.reader.note(post)
    this.queue.push(post)
    this.pumping ??= this.pump().finally(() => (this.pumping = null))
  }

  /** Understands posts one by one. While posts pour in it takes a quarter of the time at most, so that MISP never waits for it. */
  private async pump(): Promise<void> {
    let sinceSettled = 0
    while (this.queue.length > 0 && !this.stopped) {
      const start = performance.now()
      const post = this.queue.shift()!
      try {
        const understood = await this.understandStored(post)
        if (understood !== null) this.group(understood)
      } catch (error) {
        this.options.events?.problem?.(
          `Post ${post.seq} could not be read: ${error instanceof Error ? error.message : String(error)}`
        )
        this.unassigned.add(post.seq)
      }
      this.through = Math.max(this.through, post.seq)
      const spent = performance.now() - start
      if (start - this.lastArrival < 50) await pause(Math.min(500, 3 * spent))
      if (++sinceSettled >= 200 || this.queue.length === 0) {
        await this.settle()
        sinceSettled = 0
      }
    }
  }

  /** Resolves when every post so far is grouped. */
  async idle(): Promise<void> {
    while (this.pumping !== null) await this.pumping
  }

  private understand(seq: number, post: RawPost): Understood {
    return understand(seq, post, this.options.render)
  }

  /** A post that was just stored: large ones are parsed in a thread of their own. */
  private async understandStored(post: StoredPost): Promise<Understood | null> {
    if (post.bodyBytes > largeBytes && this.parser.isThere) {
      const understood = await this.parser.parse(post)
      if (understood !== null) return understood
    }
    const stored = await this.reader.read(post.seq)
    return stored === null ? null : this.understand(post.seq, stored)
  }

  private group({ summary, end }: Understood): void {
    if (summary.kind === 'unknown') this.unassigned.add(summary.seq)
    else this.grouping.add(summary, end)
  }

  /** Takes over what grouping has settled and how the open runs look now; tells everybody; writes the index. */
  private async settle(): Promise<void> {
    const settled = this.grouping.takeSettled()
    const open = this.grouping.current()
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
    this.corrections.regrouped(changed, removed)
    this.owner = null
    if (this.journal !== null) {
      const waiting = open.flatMap((run) => run.posts.map(({ post }) => post.seq)).sort((a, b) => a - b)
      const final = settled.map((run) => changed.get(runIdOf(run.id))!)
      await this.index.append(final, parents, {
        through: this.through,
        waiting,
        unassigned: [...this.grouping.unassigned.splice(0), ...this.takeUnassigned()]
      })
    }
    this.options.events?.runs?.([...changed.values(), ...parents.map(([id]) => this.runs.get(id)!)], removed)
    await this.correct()
  }

  private reportedUnassigned = new Set<number>()
  private takeUnassigned(): number[] {
    const fresh = [...this.unassigned].filter((seq) => !this.reportedUnassigned.has(seq))
    for (const seq of fresh) this.reportedUnassigned.add(seq)
    return fresh
  }

  /** The run of a post. */
  runOf(seq: number): CapturedRun | null {
    if (this.owner === null) {
      this.owner = new Map()
      for (const run of this.runs.values()) for (const [post] of run.posts) this.owner.set(post, run.id)
    }
    return this.runs.get(this.owner.get(seq) ?? '') ?? null
  }

  /** Moves posts to a run, to a new run (`to` is undefined), or out of all runs (null). */
  async movePosts(
    posts: readonly number[],
    to: string | null | undefined,
    kind: Correction['kind'] = 'move'
  ): Promise<Correction> {
    this.assertWritable()
    const correction = await this.corrections.add(kind, posts, to)
    await this.correct()
    return correction
  }

  /** The posts from `seq` on become a run of their own. */
  splitRun(runId: string, seq: number): Promise<Correction> {
    const posts =
      this.runs
        .get(runId)
        ?.posts.map(([post]) => post)
        .filter((post) => post >= seq) ?? []
    return this.movePosts(posts, undefined, 'split')
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
    // Built anew when it is first asked, that is once the runs are as grouped again.
    this.owner = null
    const { changed, removed } = await this.corrections.apply((seq) => this.runOf(seq)?.id ?? null)
    this.owner = null
    this.options.events?.runs?.(changed, removed)
  }

  private async describe(
    id: string,
    posts: readonly (readonly [number, number])[],
    original: CapturedRun | undefined
  ): Promise<CapturedRun | null> {
    const list: { post: PostSummary; job: number }[] = []
    for (const [seq, job] of posts) {
      const stored = await this.reader.read(seq)
      if (stored !== null) list.push({ post: this.understand(seq, stored).summary, job })
    }
    if (list.length === 0) return null
    const rest = {
      confidence: 1,
      reason: 'put together by hand',
      parent: original?.parent ?? null,
      open: false,
      corrected: true
    }
    return describeRun(id, list, rest)
  }

  /** Compacts sealed segments, the current one too when `all`. Answers bytes before and after. */
  async compact(all = false): Promise<Compaction> {
    const journal = this.assertWritable()
    await this.idle()
    if (all) await journal.roll()
    const done = await compactSealed(this.dir, journal.activeSegment, (message) =>
      this.options.events?.problem?.(message)
    )
    await this.reader.refresh()
    return done
  }

  /** Removes the posts of runs for good. Segments are written anew without them; answers the bytes that became free. */
  async removeRuns(ids: readonly string[]): Promise<number> {
    this.assertWritable()
    const gone = new Set<number>()
    for (const id of ids) for (const [seq] of this.runs.get(id)?.posts ?? []) gone.add(seq)
    await this.compact(true)
    const saved = await removePosts(this.dir, gone)
    for (const id of ids) this.runs.delete(id)
    this.owner = null
    await this.reader.refresh()
    const runs = [...this.runs.values()]
    const waiting = runs.flatMap((run) => (run.open ? run.posts.map(([seq]) => seq) : [])).sort((a, b) => a - b)
    const kept = runs.filter((run) => !run.open).map((run) => this.corrections.original(run))
    await this.index.rewrite(kept, { through: this.through, waiting, unassigned: [...this.unassigned] })
    this.options.events?.runs?.([], ids)
    return saved
  }

  /** Ends capture: the listener first, so that MISP gets its answers. */
  async close(): Promise<void> {
    await this.listener?.stop()
    this.stopped = true
    await this.idle()
    if (this.journal !== null) await this.settleQueue()
    await this.parser.stop()
    await this.journal?.close()
    await this.reader.close()
  }

  /** What was not understood in time is grouped at the next start. */
  private async settleQueue(): Promise<void> {
    this.queue = []
    await this.settle()
  }
}
