// Sends every post on to another listener, without MISP waiting for it. The queue is the journal itself: a small file remembers the last
// post that was sent, so nothing is held in memory and a restart goes on where it stopped.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { ForwardState, WorkspaceProblem } from '../../contract/workspace.ts'
import { handOver } from '../uncaught.ts'
import { writeAtomic } from '../store/files.ts'
import { readOrReport, type Shape } from '../store/reading.ts'
import type { PostReader } from '../store/segments-reader.ts'
import { parseSendTarget, sendPost, type SendTarget } from './send.ts'

/** A target that is down must not make the queue grow without end: older posts than this many are skipped. */
const mostBehind = 10_000
const tries = 3

const shape: Shape<{ readonly url: string; readonly cursor: number }> = {
  kind: 'forward',
  schema: z.looseObject({ url: z.string(), cursor: z.int().min(0) })
}

interface ForwardOptions {
  readonly timeoutMs?: number
  /** Grows with the square of the attempts. */
  readonly retryMs?: number
  /** Something changed; at most once a post. */
  readonly onChange?: (state: ForwardState) => void
  readonly problem?: (problem: WorkspaceProblem) => void
}

export class Forwarder {
  private cursor = 0
  private sent = 0
  private failed = 0
  private skipped = 0
  private newest = 0
  private wake: (() => void) | null = null
  private stopped = false
  private running: Promise<void> = Promise.resolve()
  private problem: string | null = null

  private constructor(
    private readonly reader: PostReader,
    private readonly url: string,
    private readonly to: SendTarget,
    private readonly file: string,
    private readonly options: ForwardOptions
  ) {}

  /** Goes on from where the last one stopped, or from `newest` when it never ran. */
  static async start(
    reader: PostReader,
    url: string,
    newest: number,
    options: ForwardOptions = {}
  ): Promise<Forwarder> {
    const file = join(reader.dir, 'forward.json')
    const forwarder = new Forwarder(reader, url, parseSendTarget(url), file, options)
    const care = { report: options.problem ?? (() => undefined), writable: () => true }
    const saved = await readOrReport(file, shape, care, { name: 'capture/forward.json' })
    forwarder.cursor = saved?.url === url ? saved.cursor : newest
    forwarder.newest = newest
    forwarder.running = forwarder.run().catch((error: unknown) => {
      handOver(error)
      forwarder.problem = `Posts are not sent on any more: ${error instanceof Error ? error.message : String(error)}`
    })
    return forwarder
  }

  /** A post was stored. */
  notify(seq: number): void {
    this.newest = Math.max(this.newest, seq)
    this.wake?.()
  }

  get state(): ForwardState {
    const { url, sent, failed, skipped, problem } = this
    return { url, sent, failed, skipped, problem, behind: Math.max(0, this.newest - this.cursor) }
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.wake?.()
    await this.running
    await this.save()
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (this.cursor >= this.newest) {
        await new Promise<void>((resolve) => (this.wake = resolve))
        this.wake = null
        continue
      }
      if (this.newest - this.cursor > mostBehind) {
        this.skipped += this.newest - this.cursor - mostBehind
        this.cursor = this.newest - mostBehind
      }
      await this.sendNext()
      this.options.onChange?.(this.state)
      if (this.cursor % 50 === 0) await this.save()
    }
  }

  private async sendNext(): Promise<void> {
    const seq = this.cursor + 1
    const post = await this.reader.read(seq).catch(() => null)
    for (let attempt = 0; post !== null && attempt < tries && !this.stopped; attempt++) {
      const status = await sendPost(this.to, post, this.options.timeoutMs)
      if (status >= 200 && status < 500) {
        this.sent++
        this.cursor = seq
        // 4xx: it took the post and does not want it; trying again would not help.
        this.problem = status < 300 ? null : `${this.url} refuses posts with status ${status}.`
        return
      }
      this.problem = status === 0 ? `${this.url} does not answer.` : `${this.url} answers with status ${status}.`
      await pause((this.options.retryMs ?? 200) * (attempt + 1) ** 2)
    }
    if (this.stopped) return
    if (post !== null) this.failed++
    this.cursor = seq
  }

  private async save(): Promise<void> {
    await writeAtomic(this.file, JSON.stringify({ version: 1, url: this.url, cursor: this.cursor })).catch(
      () => undefined
    )
  }
}
