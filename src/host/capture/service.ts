// Capture as a whole: the listener writes posts to the journal; at leisure they are read back, understood and grouped; runs that are
// settled go to the index. One service per workspace; whoever opens it for writing holds the workspace's lock.
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { CodedError } from '../../contract/errors.ts'
import type { PostAccounts } from '../../contract/workspace.ts'
import type { Limits } from '../../engine/jinja/python/limits.ts'
import type { Hold } from '../store/hold.ts'
import type { Journal } from './journal/journal.ts'
import { PostViews } from './derive/post-views.ts'
import { removalsName, RemovalLog } from './journal/removals.ts'
import { captureName } from './journal/segments.ts'
import { PostReader } from './journal/segments-reader.ts'
import type { CapturedRun } from './derive/captured-run.ts'
import type { CapturedRuns } from './derive/captured-runs.ts'
import type { Correction } from './group/corrections.ts'
import type { KnownGraphs } from './group/all.ts'
import type { GraphIndex } from './group/graph.ts'
import type { Imported } from './import/portions.ts'
import { catchUpBatch, Importing, textOf, type ImportWatch } from './importing.ts'
import { importBatches, type ImportAsked, type ReadBatch } from './import/thread.ts'
import { Intake } from './intake.ts'
import { Ledger } from './group/ledger.ts'
import { Listener, type ListenerEvent, type ListenerOptions } from './listen/listener.ts'
import { lostPosts } from './journal/lost-posts.ts'
import { describeProblem, type Compaction, type Progress, type TellProblem } from './journal/maintenance.ts'
import type { RawPost } from './understand/ndjson.ts'
import { closeJournal, openJournal } from './journal/open-journal.ts'
import { Removing, type Removed } from './journal/removing.ts'
import type { Understood } from './understand/understand.ts'

interface CaptureEvents {
  /** Runs that are new or changed, and ids of runs that are no more. */
  readonly runs?: (changed: readonly CapturedRun[], removed: readonly string[]) => void
  readonly listener?: (event: ListenerEvent) => void
  /** `file`: of the workspace, where it is about one. */
  readonly problem?: TellProblem
}

export interface CaptureOptions {
  readonly events?: CaptureEvents
  /** Workflows of the workspace by trigger: with them runs are told apart for sure. */
  readonly graphs?: KnownGraphs
  /** Of templates, asked for each post. */
  readonly limits?: () => Partial<Limits>
  readonly segmentBytes?: number
  /** The right to write the workspace. */
  readonly hold?: Hold
  /** The built parse-worker; null or absent: everything is parsed in this thread. */
  readonly parserUrl?: URL | null
}

export const captureFolder = (workspace: string): string => join(workspace, 'capture')

export class CaptureService {
  readonly reader: PostReader
  readonly views: PostViews
  private readonly parserUrl: URL | null
  /** Everything that was captured before is known. */
  ready: Promise<void> = Promise.resolve()
  journal: Journal | null = null
  private readonly reported = new Set<string>()
  listener: Listener | null = null
  private readonly intake: Intake
  private readonly ledger: Ledger
  private readonly removals: RemovalLog
  private readonly removing: Removing
  private readonly graphs: Map<string, readonly GraphIndex[]>
  /** The last post of those that were there at the start; later ones come to the intake as they arrive. */
  private before = Number.POSITIVE_INFINITY
  private readonly importing: Importing
  private closing = false

  private constructor(
    readonly dir: string,
    private readonly options: CaptureOptions
  ) {
    const problem: TellProblem = (message, file) => this.report(message, file)
    const reader = (this.reader = new PostReader(dir))
    this.parserUrl = options.parserUrl ?? null
    this.views = new PostViews(this.parserUrl)
    this.graphs = new Map(options.graphs)
    this.removals = new RemovalLog(dir)
    const intake = (this.intake = new Intake(reader, {
      ...{ graphs: this.graphs, parserUrl: this.parserUrl },
      limits: options.limits ?? (() => ({})),
      settle: () => this.ledger.settle(),
      problem
    }))
    const ledger = (this.ledger = new Ledger({
      ...{ dir, reader, intake, problem },
      writable: () => this.journal?.refusal() === null,
      isRemoved: (seq) => this.removals.has(seq),
      tell: (changed, removed) => {
        if (changed.length + removed.length > 0) options.events?.runs?.(changed, removed)
      }
    }))
    this.removing = new Removing({
      ...{ reader, ledger, log: this.removals, problem },
      journal: () => this.assertWritable(),
      isClosing: () => this.closing
    })
    this.importing = new Importing({
      ...{ reader, intake, ledger, problem },
      takeBack: (seqs) => this.removing.takeBack(seqs),
      isClosing: () => this.closing
    })
  }

  /** Opens the capture folder and reads what is there. `write` false only looks: nothing on disk changes. */
  static async open(workspace: string, options: CaptureOptions = {}, write = true): Promise<CaptureService> {
    const service = await CaptureService.begin(workspace, options, write)
    try {
      await service.ready
    } catch (error) {
      await service.close().catch(() => undefined)
      throw error
    }
    return service
  }

  /** Opens the capture folder so far that posts can be taken and the newest runs are known; the rest comes until `ready`. */
  static async begin(workspace: string, options: CaptureOptions = {}, write = true): Promise<CaptureService> {
    const service = new CaptureService(captureFolder(workspace), options)
    try {
      await service.openStored(options, write)
    } catch (error) {
      await service.reader.close()
      throw error
    }
    service.ready = service.load()
    // Whoever waits for it gets the error; nobody waiting is no crash.
    service.ready.catch(() => undefined)
    return service
  }

  private async openStored({ segmentBytes, hold }: CaptureOptions, write: boolean): Promise<void> {
    const problem = await this.removals.load()
    if (problem !== null) this.report(problem, removalsName)
    const through = Math.max(await this.ledger.begin(), this.removals.last)
    if (!write) return
    const how = { ...(segmentBytes === undefined ? {} : { segmentBytes }), ...(hold === undefined ? {} : { hold }) }
    const { journal, problems } = await openJournal(this.dir, how, through)
    this.journal = journal
    this.before = journal.lastGiven
    for (const found of problems) {
      if (found.kind === 'unreadable' && found.why !== undefined) this.reported.add(found.why)
      this.report(describeProblem(found), captureName(found.file))
    }
  }

  get runs(): CapturedRuns {
    return this.ledger.runs
  }

  /** Posts that are listed without a run. */
  get unassigned(): readonly number[] {
    return this.ledger.unassigned
  }

  isUnassigned(seq: number): boolean {
    return this.ledger.isUnassigned(seq)
  }

  /** True of a post that was removed for good, or that is about to be. */
  isRemoved(seq: number): boolean {
    return this.removals.has(seq)
  }

  private report(message: string, file?: string): void {
    this.options.events?.problem?.(message, file)
  }

  private async load(): Promise<void> {
    const waiting = await this.ledger.load()
    if (this.journal !== null)
      // What could not be finished is tried at the next start, and is shown nowhere until then.
      await this.removing
        .finish()
        .catch((error: unknown) => this.report(`Posts could not be removed: ${textOf(error)}`))
    await this.catchUp(waiting)
    await this.ledger.correct()
    const lost = lostPosts(this.runs.values(), await this.reader.postFiles())
    if (lost !== null) this.report(lost)
    if (this.journal !== null) this.intake.start()
    await this.reader.check(() => !this.closing)
    this.reportUnreadable()
  }

  private reportUnreadable(): void {
    for (const { message, details } of this.reader.unreadable) {
      if (this.reported.has(message)) continue
      this.reported.add(message)
      this.report(`${message} It was left unchanged; all other posts were read.`, details?.file)
    }
  }

  /** Groups posts that no index knows yet, and those whose run was still open. */
  private async catchUp(waiting: readonly number[]): Promise<void> {
    let batch: Understood[] = []
    const flush = async (): Promise<void> => {
      await this.intake.addBatch(batch)
      batch = []
      await this.ledger.settle()
      await breathe()
    }
    const take = async (seq: number, post: () => Promise<RawPost | null>): Promise<void> => {
      try {
        const stored = await post()
        if (stored !== null) batch.push(await this.intake.understandAside(seq, stored))
      } catch (error) {
        this.intake.giveUp(seq, error)
      }
      if (batch.length >= catchUpBatch) await flush()
    }
    for (const seq of waiting) {
      if (this.closing) break
      await take(seq, async () => {
        const stored = await this.reader.read(seq)
        // An index that knows posts of which the file is gone.
        if (stored === null) this.intake.forget([seq])
        return stored
      })
    }
    for await (const { seq } of this.reader.places(this.intake.through + 1)) {
      if (this.closing || seq > this.before) break
      if (!this.removals.has(seq)) await take(seq, () => this.reader.readStored(seq))
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

  /** The posts in a file, understood where they are read; a log is kept there. Throws as `importBatches` does. */
  readImport(
    asked: Pick<ImportAsked['import'], 'file' | 'name' | 'trigger'>,
    signal: AbortSignal
  ): AsyncGenerator<ReadBatch> {
    const { limits, hold } = this.options
    const thread = { url: this.parserUrl, hold: hold?.ticket ?? null, signal }
    return importBatches({ ...asked, limits: limits?.() ?? {}, dir: this.dir }, thread)
  }

  /** Stores posts that did not come over the network. Answers their numbers. Where `follow.check` throws, none of them stays. */
  importPosts(posts: Imported, follow: ImportWatch = {}): Promise<number[]> {
    const journal = this.assertWritable()
    return this.importing.take(journal, posts, this.ready, follow)
  }

  /** Resolves when every post so far is grouped. */
  idle(): Promise<void> {
    return this.intake.idle()
  }

  /** The workspace's workflows changed: open runs are grouped anew at once, and those whose grouping was doubtful. */
  async useGraphs(graphs: KnownGraphs): Promise<void> {
    await this.ready
    this.graphs.clear()
    for (const [trigger, list] of graphs) this.graphs.set(trigger, list)
    await this.ledger.useGraphs(this.graphs)
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
    return this.ledger.addCorrection(kind, posts, to)
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
    await this.ready
    return this.ledger.undoCorrection(id)
  }

  private assertWritable(): Journal {
    if (this.journal === null) throw new CodedError('WORKSPACE_READ_ONLY', 'The workspace is read-only.')
    const refusal = this.journal.refusal()
    if (refusal !== null) throw refusal
    return this.journal
  }

  /** Compacts sealed segments, the current one too when `all`. Answers bytes before and after. */
  async compact(all = false, progress?: Progress): Promise<Compaction> {
    this.assertWritable()
    await this.ready
    return this.removing.compact(all, progress)
  }

  /** Removes the posts of runs for good. Segments are written anew without them. Returns how many runs went, and the bytes that became free. */
  async removeRuns(ids: readonly string[], progress?: Progress): Promise<Removed> {
    this.assertWritable()
    await this.ready
    return this.removing.removeRuns(ids, progress)
  }

  /** Where every post is. */
  async accounts(): Promise<PostAccounts> {
    const stored = await this.reader.count()
    const [unassigned, waiting, removed] = [this.unassigned.length, this.intake.waiting, this.removals.count]
    return { total: stored + removed, inRuns: stored - unassigned - waiting, unassigned, waiting, removed }
  }

  /** Ends capture: the listener first, so that MISP gets its answers. What was not understood in time is grouped at the next start. */
  async close(): Promise<void> {
    await this.listener?.stop()
    this.closing = true
    await this.ready.catch(() => undefined)
    await this.importing.idle()
    await this.removing.idle()
    await this.intake.stop()
    await this.views.stop()
    // A disk that is full keeps nothing open.
    try {
      await this.closeStored()
    } finally {
      await this.reader.close()
    }
  }

  private async closeStored(): Promise<void> {
    if (this.journal === null) return
    try {
      await this.ledger.settle(true)
    } finally {
      await closeJournal(this.journal)
    }
  }
}
