// Sends every post on to another listener, without MISP waiting for it. The queue is the journal itself: a small file remembers the last
// post that was sent, so nothing is held in memory and a restart goes on where it stopped. It works while nobody looks, so a name that stood for a
// server out there when somebody chose it is not followed into this machine or its network later, nor the other way round.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { CodedError } from '../../../contract/errors.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import type { ForwardState, WorkspaceProblem } from '../../../contract/workspace.ts'
import { handOver } from '../../uncaught.ts'
import { writeAtomic } from '../../store/files.ts'
import { readOrReport, type Shape } from '../../store/reading.ts'
import type { PostReader } from '../journal/segments-reader.ts'
import { privateKind } from '../../ports/guard.ts'
import type { RawPost } from '../understand/ndjson.ts'
import { locate, parseSendTarget, sendPost, type Located, type SendTarget } from './send.ts'

/** A target that is down must not make the queue grow without end: older posts than this many are skipped. */
const mostBehind = 10_000
const tries = 3

const shape: Shape<{ readonly url: string; readonly cursor: number; readonly where?: string | undefined }> = {
  kind: 'forward',
  schema: z.looseObject({ url: z.string(), cursor: z.int().min(0), where: z.string().optional() })
}

/** In the words of the guard. */
const whereOf = ({ address }: Located): string => privateKind(address) ?? 'an address of the internet'

interface ForwardOptions {
  readonly timeoutMs?: number
  /** Grows with the square of the attempts. */
  readonly retryMs?: number
  /** A person chose the address just now: wherever it is, they mean that. */
  readonly chosen?: boolean
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
  /** Where the address was when it was first reached. */
  private where: string | undefined

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
    const known = saved?.url === url ? saved : null
    forwarder.cursor = known?.cursor ?? newest
    forwarder.where = options.chosen === true ? undefined : known?.where
    forwarder.newest = newest
    forwarder.running = forwarder.run().catch((error: unknown) => {
      handOver(error)
      forwarder.problem = `Forwarding posts stopped: ${error instanceof Error ? error.message : String(error)}`
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
    if (this.where === undefined) await this.remember()
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
      const status = await this.trySending(post)
      if (status !== 'told' && status >= 200 && status < 500) {
        this.sent++
        this.cursor = seq
        // 4xx: it took the post and does not want it; trying again would not help.
        this.problem = status < 300 ? null : `${this.shown} refuses posts with status ${status}.`
        return
      }
      if (status !== 'told')
        this.problem = `${this.shown} ${status === 0 ? 'does not respond' : `responds with status ${status}`}.`
      await pause((this.options.retryMs ?? 200) * (attempt + 1) ** 2)
    }
    if (this.stopped) return
    if (post !== null) this.failed++
    this.cursor = seq
  }

  /** Where the address is while somebody has just chosen it; a name that nobody knows yet is looked at again with the first post. */
  private async remember(): Promise<void> {
    this.where = await locate(this.to).then(whereOf, () => undefined)
    await this.save()
  }

  /** The status that is answered, 0 for none; `told`: the problem says why nothing was sent. */
  private async trySending(post: RawPost): Promise<number | 'told'> {
    try {
      const located = await locate(this.to)
      const where = whereOf(located)
      this.where ??= where
      if (this.where === where) return await sendPost(located, post, this.options.timeoutMs)
      this.problem = `${this.to.host} was ${this.where} when it was set and is now ${where} (${located.address}): nothing is sent there. If this is correct, clear the address and set it again.`
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      this.problem = error.message
    }
    return 'told'
  }

  /** Without a password. */
  private get shown(): string {
    return maskUrls(this.url)
  }

  private async save(): Promise<void> {
    await writeAtomic(
      this.file,
      JSON.stringify({ version: 1, url: this.url, cursor: this.cursor, where: this.where })
    ).catch(() => undefined)
  }
}
