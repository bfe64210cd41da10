// A run as commands show it: its steps or its events while it goes on, its posts and its exit status at the end.
import { CodedError } from '../contract/errors.ts'
import type { Json } from '../contract/json.ts'
import type { RunEvent } from '../contract/run.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { RunFold } from '../engine/replay/fold.ts'
import { unreachedOf } from '../engine/replay/unreached.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { createMask } from '../host/worker/mask/run.ts'
import type { CommandContext } from './context.ts'
import { statusOf } from './context.ts'
import { writeOut } from './output.ts'
import { postLine } from './posts.ts'
import { RunPrinter } from './print-run.ts'
import { blankSummary } from '../engine/replay/run-facts.ts'

export interface ShownOptions {
  readonly json: boolean
  readonly posts?: string | undefined
  readonly secrets: boolean
}

/** A run as it is printed while it goes on. */
export class ShownRun {
  runId = ''
  readonly #printer: RunPrinter | null
  readonly #fold = new RunFold()
  readonly #posts: RunEvent[] = []
  readonly #mask = createMask()

  constructor(
    private readonly context: CommandContext,
    private readonly options: ShownOptions,
    private readonly workflow: Json
  ) {
    this.#printer = options.json ? null : new RunPrinter(context.print, context.color, workflow)
  }

  take(raw: RunEvent): void {
    if (this.runId === '') this.runId = raw.runId
    // The posts are MISP's, for whoever plays MISP with them: as they would be sent.
    if (raw.type === 'post' && this.options.posts !== undefined) this.#posts.push(raw)
    const event = this.options.secrets ? raw : this.#mask(raw)
    if (this.options.json) this.context.print(encodeJson(event as unknown as Json))
    // Fired runs have their own starts and ends; this fold is of the run that was asked for.
    if (event.runId === this.runId) this.#fold.apply(event)
    this.#printer?.event(event, this.runId)
  }

  /** Returns the exit status. */
  async end(now: string | undefined): Promise<number> {
    const startedAt = now === undefined ? Date.now() : Date.parse(now)
    const { posts } = this.options
    const { print } = this.context
    if (posts !== undefined) {
      const lines = this.#posts.map((event) => postLine(event, startedAt))
      await writePosts(posts, lines, print)
    }
    const fold = this.#fold
    const detail = fold.detail(fold.summary(blankSummary(this.runId, new Date(startedAt).toISOString())))
    this.#printer?.end({ ...detail, unreached: unreachedOf(fold, this.workflow) })
    if (!fold.finished) throw new Error('the run has no end')
    return statusOf(fold.finished.outcome, fold.finished.success)
  }
}

/** Throws STORE_WRITE_FAILED when the run could not be written. */
export async function assertKept(host: ConnectedHost, runId: string): Promise<void> {
  const { notes } = await host.ask('runs.get', { runId })
  const failed = notes.find(({ code }) => code === 'STORE_WRITE_FAILED')
  if (failed) throw new CodedError('STORE_WRITE_FAILED', `The run is not kept: ${failed.text}`)
}

function writePosts(file: string, lines: readonly string[], print: (line: string) => void): Promise<void> {
  if (file !== '-') return writeOut(file, lines.map((line) => `${line}\n`).join(''))
  for (const line of lines) print(line)
  return Promise.resolve()
}
