// What arrives, on its way into runs: posts are read back, understood and grouped at leisure, one after the other.
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'
import type { JsonMap } from '../../contract/json.ts'
import type { StoredPost } from '../store/journal.ts'
import type { PostReader } from '../store/segments-reader.ts'
import { Grouping, type KnownGraphs } from './grouping-all.ts'
import type { GroupedRun } from './grouping.ts'
import type { RawPost } from './ndjson.ts'
import { createTurns } from '../pauses.ts'
import { ParseThread } from './parse-thread.ts'
import { understand, type Understood } from './understand.ts'

export interface IntakeOptions {
  readonly graphs: KnownGraphs
  /** Asked for each post: the limits of templates. */
  readonly settings: () => JsonMap
  readonly parserUrl: URL | null
  /** Runs may have changed: takes over what grouping found. */
  readonly settle: () => Promise<void>
  readonly problem: (message: string) => void
}

export interface Found {
  readonly settled: readonly GroupedRun[]
  readonly open: readonly GroupedRun[]
  /** `seq` of posts that belong to no run. */
  readonly unassigned: readonly number[]
  /** All posts up to this number are in them. */
  readonly through: number
}

const largeBytes = 256 * 1024
const settleEvery = 200
/** While posts pour in, understanding takes a quarter of the time at most: MISP never waits for it. */
const rest = 3
const turnMs = 4

export class Intake {
  private grouping: Grouping
  /** Grouping is in the middle of something between two steps. */
  private readonly alone = createTurns()
  private turn = 0
  readonly unassigned = new Set<number>()
  /** All posts up to this number were looked at. */
  through = 0
  private readonly parser: ParseThread
  private queue: StoredPost[] = []
  private pumping: Promise<void> | null = null
  private lastArrival = 0
  /** False until what was there before has been taken in, and after the end. */
  private running = false

  constructor(
    private readonly reader: PostReader,
    private readonly options: IntakeOptions
  ) {
    this.parser = new ParseThread(reader.dir, options.parserUrl)
    this.grouping = new Grouping(options.graphs)
  }

  start(): void {
    this.running = true
    this.pump()
  }

  async stop(): Promise<void> {
    this.running = false
    await this.idle()
    this.queue = []
    await this.parser.stop()
  }

  arrived(post: StoredPost): void {
    this.lastArrival = performance.now()
    this.queue.push(post)
    this.pump()
  }

  /** Resolves when every post so far is grouped. */
  async idle(): Promise<void> {
    while (this.pumping !== null) await this.pumping
  }

  understand(seq: number, post: RawPost): Understood {
    return understand(seq, post, this.options.settings())
  }

  /** Posts that are all there: what the later ones show of a graph helps with the earlier ones. */
  addBatch(batch: readonly Understood[], check: () => void = () => undefined): Promise<void> {
    return this.alone(async () => {
      for (const { summary, end } of batch) this.grouping.learn(summary, end)
      const trial = new Grouping(this.options.graphs, this.grouping.learned, false)
      for (const { summary } of batch) await this.inSteps(trial.adding(summary), check)
      trial.finish()
      for (const { summary } of batch) {
        check()
        this.through = Math.max(this.through, summary.seq)
        if (summary.kind === 'unknown') this.unassigned.add(summary.seq)
        else await this.inSteps(this.grouping.adding(summary, undefined, false))
      }
    })
  }

  /** Runs that are settled, each handed out once, and those that may still change. */
  look(): Promise<Found> {
    return this.alone(async () => {
      await this.inSteps(this.grouping.reviewing())
      return {
        ...{ settled: this.grouping.takeSettled(), open: this.grouping.current() },
        unassigned: this.grouping.unassigned.splice(0),
        through: this.through
      }
    })
  }

  /** Groups the posts of open runs anew, after the graphs changed or without posts that are gone. */
  regroup(gone: ReadonlySet<number> = new Set()): Promise<void> {
    return this.alone(async () => {
      const { learned } = this.grouping
      const all = this.grouping.current().flatMap((run) => run.posts.map(({ post }) => post))
      const open = all.filter(({ seq }) => !gone.has(seq))
      const anew = new Grouping(this.options.graphs, learned)
      for (const post of open.sort((a, b) => a.seq - b.seq)) await this.inSteps(anew.adding(post, undefined, false))
      this.grouping = anew
    })
  }

  private async inSteps(steps: Generator<void>, check?: () => void): Promise<void> {
    for (const _ of steps) {
      await this.giveWay()
      check?.()
    }
  }

  /** Lets others have the thread after some milliseconds; while posts pour in, three times as long as was spent. */
  private async giveWay(): Promise<void> {
    const now = performance.now()
    const spent = now - this.turn
    if (spent < turnMs) return
    await (now - this.lastArrival < 50 ? pause(Math.min(500, rest * spent)) : breathe())
    this.turn = performance.now()
  }

  private pump(): void {
    if (this.running) this.pumping ??= this.work().finally(() => (this.pumping = null))
  }

  private async work(): Promise<void> {
    let sinceSettled = 0
    while (this.queue.length > 0 && this.running) {
      this.turn = performance.now()
      const post = this.queue.shift()!
      // It may have been taken in with what was there before.
      if (post.seq > this.through) await this.take(post)
      const now = performance.now()
      if (now - this.lastArrival < 50) await pause(Math.min(500, rest * (now - this.turn)))
      if (++sinceSettled >= settleEvery || this.queue.length === 0) {
        await this.options.settle()
        sinceSettled = 0
      }
    }
  }

  private async take(post: StoredPost): Promise<void> {
    let understood: Understood | 'unreadable' | null
    try {
      understood = await this.read(post)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.options.problem(`Post ${post.seq} could not be read: ${reason}`)
      understood = 'unreadable'
    }
    await this.alone(async () => {
      if (understood === 'unreadable' || understood?.summary.kind === 'unknown') this.unassigned.add(post.seq)
      else if (understood !== null) await this.inSteps(this.grouping.adding(understood.summary, understood.end))
      this.through = Math.max(this.through, post.seq)
    })
  }

  /** Large posts are parsed in a thread of their own. */
  private async read(post: StoredPost): Promise<Understood | null> {
    if (post.bodyBytes > largeBytes && this.parser.isThere) {
      const understood = await this.parser.parse(post, this.options.settings())
      if (understood !== null) return understood
    }
    const stored = await this.reader.read(post.seq)
    return stored === null ? null : this.understand(post.seq, stored)
  }
}
