// Keeps what was captured small: compacts what is sealed, and removes old runs where a person switched that on. What goes by itself is
// announced a day before: it can be looked at in the settings, pinned, or the rules changed.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventMap } from '../../../contract/events.ts'
import type { OwnSettings } from '../../../contract/own-settings.ts'
import type { RetentionPlan, RetentionRules, StorageInfo } from '../../../contract/workspace.ts'
import { describeRemoval, planRemoval, type Removal } from './retention.ts'
import type { Workspace } from '../../store/workspace.ts'
import type { Trust } from '../../trust/trust.ts'
import type { Compaction } from './maintenance.ts'
import type { CaptureService } from '../service.ts'

interface Saved {
  readonly rules: RetentionRules | null
  readonly announced: Announced | null
}

type Announced = NonNullable<NonNullable<OwnSettings['retention']>['announced']>

interface KeeperOptions {
  readonly workspace: Workspace
  readonly trust: Trust
  readonly job: (progress: EventMap['job.progress']) => void
  readonly logMistake: (context: string, error: unknown) => void
  readonly now?: () => number
  /** Milliseconds that no change of the time of day moves, and that stand while the machine sleeps. */
  readonly monotonic?: () => number
}

const hour = 3600_000
const notice = 24 * hour
/** A start has better things to do first. */
const afterStart = 10_000

export class Keeper {
  private timer: NodeJS.Timeout | null = null
  private stopped = false
  private closed = false
  private work: Promise<unknown> = Promise.resolve()
  private jobs = 0
  /** Until when the time that passed has been counted. */
  private counted: number

  constructor(
    private readonly service: CaptureService,
    private readonly options: KeeperOptions
  ) {
    this.counted = this.monotonic()
  }

  /** From now on it looks after the folder by itself. */
  start(): void {
    const again = (ms: number): void => {
      this.timer = setTimeout(() => {
        this.tick()
          .catch((error: unknown) => this.options.logMistake('storage', error))
          .finally(() => !this.closed && again(hour))
      }, ms)
      this.timer.unref()
    }
    again(afterStart)
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.closed = true
    this.stop()
    await this.work.catch(() => undefined)
  }

  /** Ends what is under way. */
  stop(): void {
    this.stopped = true
  }

  /** One round: compacts what is sealed, removes what was announced a day ago, announces what is due now. */
  async tick(): Promise<void> {
    if (!this.options.workspace.hold.isHeld()) return
    await this.compact(false)
    const { rules, announced } = this.saved
    if (rules === null) return
    if (announced !== null) {
      if (this.leftOf(announced) > 0) return this.count()
      await this.remove(rules, announced.until)
    }
    const { newest } = describeRemoval(this.plan(rules))
    this.counted = this.monotonic()
    await this.save({ rules, announced: newest === null ? null : { at: this.iso(), until: newest, ranMs: 0 } })
  }

  async info(): Promise<StorageInfo> {
    const { rules, announced } = this.saved
    const runs = [...this.service.runs.values()]
    const next = (): StorageInfo['next'] => {
      if (rules === null || announced === null) return null
      const plan = describeRemoval(this.plan(rules, announced.until))
      return plan.runs === 0 ? null : { at: new Date(this.now() + this.leftOf(announced)).toISOString(), plan }
    }
    return {
      ...{ runs: runs.length, posts: await this.service.reader.count(), diskBytes: await sizeOf(this.service.dir) },
      ...{ postBytes: runs.reduce((sum, run) => sum + run.bytes, 0), rules, next: next() }
    }
  }

  preview(rules: RetentionRules): RetentionPlan {
    return describeRemoval(this.plan(rules))
  }

  /** Switches retention on or off. */
  async setRules(rules: RetentionRules | null): Promise<void> {
    const newest = rules === null ? null : describeRemoval(this.plan(rules)).newest
    await this.save({ rules, announced: newest === null ? null : { at: this.iso(), until: newest } })
  }

  /** Removes what the rules remove of the runs that ended by `until` (ISO). */
  remove(rules: RetentionRules, until: string): Promise<{ readonly runs: number; readonly bytes: number }> {
    return this.alone('Removing runs', async (progress) => {
      const ids = this.plan(rules, until).going.map((run) => run.id)
      if (ids.length === 0) return { runs: 0, bytes: 0 }
      return this.service.removeRuns(ids, (part, whole) => progress(part, whole) && !this.stopped)
    })
  }

  /** Compacts sealed segments, the current one too when `all`. */
  compact(all: boolean): Promise<Compaction & { readonly stopped: boolean }> {
    return this.alone('Compacting posts', async (progress) => {
      const done = await this.service.compact(all, (part, whole) => progress(part, whole) && !this.stopped)
      return { ...done, stopped: this.stopped }
    })
  }

  /** One at a time, with its progress told. */
  private alone<T>(
    label: string,
    task: (progress: (done: number, total: number) => boolean) => Promise<T>
  ): Promise<T> {
    const work = this.work
      .catch(() => undefined)
      .then(async () => {
        if (!this.closed) this.stopped = false
        const jobId = `storage-${++this.jobs}`
        let told = 0
        const tell = (done: number, state: EventMap['job.progress']['state']): void =>
          this.options.job({ jobId, label, done, total: 100, state })
        try {
          const result = await task((done, total) => {
            const percent = Math.floor((100 * done) / Math.max(total, 1e-9))
            if (percent !== told) tell((told = percent), 'running')
            return true
          })
          if (told > 0) tell(100, this.stopped ? 'cancelled' : 'done')
          return result
        } catch (error) {
          tell(told, 'failed')
          throw error
        }
      })
    this.work = work
    return work
  }

  private plan(rules: RetentionRules, until?: string): Removal {
    const { runs } = this.options.workspace
    const pinned = (id: string): boolean => runs.get(id)?.pinned ?? false
    const plan = planRemoval(this.service.runs.values(), rules, pinned, this.now())
    if (until === undefined) return plan
    const last = Date.parse(until)
    return { ...plan, going: plan.going.filter((run) => run.endedAt <= last) }
  }

  /** Of the notice: a day of the clock, and a day in which Retrace ran. A clock that is set forward passes the first at once, and not the second. */
  private leftOf({ at, ranMs = 0 }: Announced): number {
    const passed = Math.max(0, this.now() - Date.parse(at))
    const ran = Math.min(ranMs, passed) + this.monotonic() - this.counted
    return Math.max(0, notice - passed, notice - ran)
  }

  /** Keeps how long Retrace ran since the announcement. */
  private async count(): Promise<void> {
    const { rules = null, announced = null } = this.options.trust.settings.own.retention ?? {}
    const now = this.monotonic()
    if (announced === null) return
    const ranMs = (announced.ranMs ?? 0) + now - this.counted
    this.counted = now
    await this.save({ rules, announced: { ...announced, ranMs } })
  }

  private monotonic(): number {
    return this.options.monotonic?.() ?? performance.now()
  }

  private now(): number {
    return this.options.now?.() ?? Date.now()
  }

  private iso(): string {
    return new Date(this.now()).toISOString()
  }

  /** The rules as far as a person of this machine set or allowed them. The day counts from then at the earliest, whatever the file says. */
  private get saved(): Saved {
    const { trust } = this.options
    const { rules = null, announced = null } = trust.settings.own.retention ?? {}
    const since = trust.since('retention')
    if (rules === null || announced === null || since === null) return { rules, announced: null }
    const at = Date.parse(announced.at) > Date.parse(since) ? announced.at : since
    return {
      rules,
      announced: { ...announced, at, until: Date.parse(announced.until) < Date.parse(at) ? announced.until : at }
    }
  }

  private async save(retention: Saved): Promise<void> {
    await this.options.trust.change({ own: { retention } })
  }
}

/** Bytes of a folder and the folders in it. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    // A file may go while we look.
    if (entry.isDirectory()) bytes += await sizeOf(path)
    else
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0
      )
  }
  return bytes
}
