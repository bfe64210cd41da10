// What arrives, on its way into runs: posts are read back, understood and grouped at leisure, one after the other.
import { append } from '../../contract/lists.ts'
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'
import type { Limits } from '../../engine/jinja/python/limits.ts'
import type { StoredPost } from './journal/journal.ts'
import type { PostReader } from './journal/segments-reader.ts'
import { Grouping, keyOf, type GroupingNews, type KnownGraphs } from './group/all.ts'
import type { GroupedRun } from './group/grouping.ts'
import type { RawPost } from './understand/ndjson.ts'
import { createTurns } from '../pauses.ts'
import { ParseThread } from './understand/parse-thread.ts'
import { isLarge } from './understand/post-body.ts'
import { understand, type Understood } from './understand/understand.ts'

export interface IntakeOptions {
  readonly graphs: KnownGraphs
  /** Of templates, asked for each post. */
  readonly limits: () => Partial<Limits>
  readonly parserUrl: URL | null
  /** Runs may have changed: takes over what grouping found. */
  readonly settle: () => Promise<void>
  readonly problem: (message: string) => void
}

/** What changed since it was asked for last. */
export interface Found extends GroupingNews {
  /** `seq` of posts that belong to no run, each told once. */
  readonly unassigned: readonly number[]
  /** Null unless it was wanted: it can be long. */
  readonly standing: Standing | null
}

/** Every stored post up to `through` is in a settled run (of now or earlier), unassigned, or waits. */
export interface Standing {
  readonly through: number
  /**
   * Ascending. Of open runs, or stored, but not taken in yet, while later ones were: an import and the listener store posts side by side.
   */
  readonly waiting: readonly number[]
}

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
  private untold: number[] = []
  /** Settled, and told as open, in a grouping that was given up for another. */
  private left: GroupedRun[] = []
  private readonly former = new Set<number>()
  /** The highest number that was taken in. */
  through = 0
  /** How many were taken in. */
  private count = 0
  private readonly owed = new Set<number>()
  private readonly parser: ParseThread
  private queue: StoredPost[] = []
  /** Where the queue begins: taking the first out of a long list moves all others. */
  private next = 0
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
    this.next = 0
    await this.parser.stop()
  }

  /** What an index knows already, and what it leaves to be taken in again. */
  resume(through: number, waiting: readonly number[], unassigned: readonly number[]): void {
    this.through = through
    for (const seq of waiting) this.owed.add(seq)
    for (const seq of unassigned) this.unassigned.add(seq)
  }

  /** How many posts are stored and not taken in yet. */
  get waiting(): number {
    return this.owed.size
  }

  /** To be called as soon as a post is stored, before any later one is taken in. */
  owe(seq: number): void {
    this.owed.add(seq)
  }

  /** Posts that are gone for good. */
  forget(gone: Iterable<number>): void {
    for (const seq of gone) {
      this.owed.delete(seq)
      this.unassigned.delete(seq)
    }
  }

  arrived(post: StoredPost): void {
    this.owed.add(post.seq)
    this.lastArrival = performance.now()
    this.queue.push(post)
    this.pump()
  }

  /** Resolves when every post so far is grouped. */
  async idle(): Promise<void> {
    while (this.pumping !== null) await this.pumping
  }

  understand(seq: number, post: RawPost): Understood {
    return understand(seq, post, this.options.limits())
  }

  /** Large and compressed posts are looked into in a thread of their own, where it is there. */
  async understandAside(seq: number, post: RawPost): Promise<Understood> {
    const aside = this.goesAside(post.meta, post.body.length)
      ? await this.parser.parseRaw(seq, post, this.options.limits())
      : null
    return aside ?? this.understand(seq, post)
  }

  private goesAside(meta: RawPost['meta'], bytes: number): boolean {
    return isLarge(meta, bytes) && this.parser.isThere
  }

  /** Posts that are all there: what the later ones show of a graph helps with the earlier ones. */
  addBatch(batch: readonly Understood[], check: () => void = () => undefined): Promise<void> {
    return this.alone(async () => {
      /** Of sources and triggers that still show something new. */
      const rare = new Set<string>()
      for (const { summary, end } of batch) if (!this.grouping.learn(summary, end)) rare.add(keyOf(summary))
      const trial = new Grouping(this.options.graphs, this.grouping.learned, false)
      for (const { summary } of batch) {
        check()
        if (!rare.has(keyOf(summary))) continue
        const rest = this.going(trial.trying(summary), check)
        if (rest !== null) await rest
      }
      await this.inSteps(trial.finishing(), check)
      for (const { summary } of batch) {
        check()
        const rest = summary.kind === 'unknown' ? null : this.going(this.grouping.adding(summary, undefined, false))
        if (rest !== null) await rest
        this.taken(summary.seq, summary.kind !== 'unknown')
      }
    })
  }

  /** A post that cannot be read or understood is listed without a run: none is ever passed over. */
  giveUp(seq: number, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    this.options.problem(`Post ${seq} could not be read: ${reason}`)
    this.taken(seq, false)
  }

  private taken(seq: number, hasRun: boolean): void {
    this.owed.delete(seq)
    this.count++
    this.through = Math.max(this.through, seq)
    if (hasRun || this.unassigned.has(seq)) return
    this.unassigned.add(seq)
    this.untold.push(seq)
  }

  /** Runs that are settled, each handed out once, and those that may still change, as far as they did. */
  look(wanted: (taken: number, waiting: number) => boolean): Promise<Found> {
    return this.alone(async () => {
      await this.inSteps(this.grouping.reviewing())
      const { settled, open, gone } = this.grouping.news()
      const all = [...this.left.splice(0), ...settled]
      const lost = new Set([...this.former, ...gone])
      this.former.clear()
      for (const list of [all, open]) for (const { id } of list) lost.delete(id)
      let waiting = this.owed.size
      for (const run of this.grouping.told()) waiting += run.posts.length
      const standing = wanted(this.count, waiting) ? this.standing() : null
      return { settled: all, open, gone: [...lost], unassigned: this.untold.splice(0), standing }
    })
  }

  /** Open runs as they were told last, also those that did not change since. */
  told(): Iterable<GroupedRun> {
    return this.grouping.told()
  }

  private standing(): Standing {
    const { through } = this
    const waiting = [...this.owed].filter((seq) => seq <= through)
    for (const run of this.grouping.told()) for (const { post } of run.posts) waiting.push(post.seq)
    return { through, waiting: waiting.sort((a, b) => a - b) }
  }

  /** Groups the posts of open runs anew, after the graphs changed or without posts that go. Those are owed again, until they are forgotten. */
  regroup(gone?: ReadonlySet<number>): Promise<void> {
    return this.alone(async () => {
      const { learned } = this.grouping
      const all = this.grouping.current().flatMap((run) => run.posts.map(({ post }) => post))
      const open = gone === undefined ? all : all.filter(({ seq }) => !gone.has(seq))
      if (gone !== undefined && open.length === all.length) return
      for (const { seq } of all) if (gone?.has(seq)) this.owed.add(seq)
      for (const { id } of this.grouping.told()) this.former.add(id)
      append(this.left, this.grouping.takeSettled())
      const anew = new Grouping(this.options.graphs, learned)
      for (const post of open.sort((a, b) => a.seq - b.seq)) await this.going(anew.adding(post, undefined, false))
      this.grouping = anew
    })
  }

  /** What is left of a post; null where nothing is to be waited for: of most posts that would take longer than the post. */
  private going(steps: Generator<void> | null, check?: () => void): Promise<void> | null {
    if (steps !== null) return this.inSteps(steps, check)
    return performance.now() - this.turn >= turnMs ? this.giveWay() : null
  }

  private async inSteps(steps: Generator<void>, check?: () => void): Promise<void> {
    for (const _ of steps) {
      // Most steps are far shorter than a turn: waiting after each costs more than the step.
      if (performance.now() - this.turn >= turnMs) await this.giveWay()
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
    if (!this.running) return
    // What fails is said once; the posts are still owed, and grouped at the next start.
    this.pumping ??= this.work()
      .catch((error: unknown) => this.options.problem(`Posts could not be grouped: ${String(error)}`))
      .finally(() => (this.pumping = null))
  }

  private shift(): StoredPost | null {
    if (!this.running || this.next === this.queue.length) return null
    const post = this.queue[this.next++]!
    if (2 * this.next < this.queue.length) return post
    this.queue = this.queue.slice(this.next)
    this.next = 0
    return post
  }

  private async work(): Promise<void> {
    let sinceSettled = 0
    for (let post = this.shift(); post !== null; post = this.shift()) {
      this.turn = performance.now()
      // It may have been taken in with what was there before.
      if (this.owed.has(post.seq)) await this.take(post)
      const now = performance.now()
      if (now - this.lastArrival < 50) await pause(Math.min(500, rest * (now - this.turn)))
      if (++sinceSettled >= settleEvery || this.next === this.queue.length) {
        await this.options.settle()
        sinceSettled = 0
      }
    }
  }

  private async take(post: StoredPost): Promise<void> {
    try {
      const { summary, end } = await this.read(post)
      await this.alone(async () => {
        if (summary.kind !== 'unknown') await this.going(this.grouping.adding(summary, end))
        this.taken(post.seq, summary.kind !== 'unknown')
      })
    } catch (error) {
      this.giveUp(post.seq, error)
    }
  }

  private async read(post: StoredPost): Promise<Understood> {
    if (this.goesAside(post.meta, post.bodyBytes)) {
      const understood = await this.parser.parse(post, this.options.limits())
      if (understood !== null) return understood
    }
    return this.understand(post.seq, await this.reader.readStored(post.seq))
  }
}
