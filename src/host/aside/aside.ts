// Texts from outside are taken apart in a thread of their own: what they hold can take seconds, and the main thread answers MISP. A small one
// takes less than passing it on, and is done in place. One thing at a time; a thread that has nothing to do ends and gives its memory back.
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CodedError } from '../../contract/errors.ts'
import type { Failure } from '../../contract/wire.ts'
import { createTurns } from '../pauses.ts'
import type { HoldTicket } from '../store/hold.ts'
import { inPlaceBytes } from './given-text.ts'
import { tasks } from './tasks.ts'

type Tasks = typeof tasks
type TaskName = keyof Tasks
export type TaskInput<N extends TaskName> = Parameters<Tasks[N]>[0]
type Output<N extends TaskName> = ReturnType<Tasks[N]> extends Promise<infer T> ? T : never

/** What the thread is asked, and what it answers. */
export type AsideAsked = {
  readonly aside: { readonly [N in TaskName]: { readonly task: N; readonly input: TaskInput<N> } }[TaskName]
}
export type AsideAnswer = { readonly done: unknown } | { readonly refused: Failure; readonly mistake?: string }

const memoryMb = Math.round(Math.max(1024, Math.min(4096, totalmem() / 4 / 1024 ** 2)))
const idleMs = 5000

/** `worker.mjs` and `parse-worker.mjs` are built into one folder; in Electron they end in `.js`. */
export const parserBeside = (workerUrl: URL): URL =>
  new URL(`parse-worker${/\.[a-z]+$/.exec(workerUrl.pathname)?.[0] ?? '.mjs'}`, workerUrl)

export interface AsideOptions {
  /** The built parse-worker; without it everything is done in this thread. */
  readonly url: URL | null
  /** The right to write the workspace, at which the thread looks by itself. */
  readonly hold: HoldTicket | null
}

export class Aside {
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  readonly #alone = createTurns()
  readonly #isThere: boolean

  constructor(private readonly options: AsideOptions) {
    this.#isThere = options.url !== null && existsSync(fileURLToPath(options.url))
  }

  /**
   * `bytes`: of the texts that the task takes apart. `name`: of them, for people. Throws what the task throws; INPUT_TOO_LARGE when it takes
   * more memory than the thread may have; the signal's reason.
   */
  async run<N extends TaskName>(
    task: N,
    input: TaskInput<N>,
    { bytes, name, signal }: { readonly bytes: number; readonly name: string; readonly signal?: AbortSignal }
  ): Promise<Output<N>> {
    if (bytes <= inPlaceBytes || !this.#isThere)
      return (await (tasks[task] as (given: TaskInput<N>) => unknown)(input)) as Output<N>
    return this.#alone(async () => {
      signal?.throwIfAborted()
      return (await this.#ask({ aside: { task, input } } as unknown as AsideAsked, name, signal)) as Output<N>
    })
  }

  #ask(asked: AsideAsked, name: string, signal: AbortSignal | undefined): Promise<unknown> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        worker.off('message', take).off('error', fail).off('exit', gone)
        signal?.removeEventListener('abort', cancel)
        this.#idle = setTimeout(() => void this.stop(), idleMs).unref()
        settle()
      }
      const take = (answer: AsideAnswer): void =>
        end(() => ('done' in answer ? resolve(answer.done) : reject(errorOf(answer))))
      const fail = (error: Error): void => {
        this.#worker = null
        const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        const message = `${name} takes more memory than there is for it.`
        end(() => reject(isFull ? new CodedError('INPUT_TOO_LARGE', message, { file: name }) : error))
      }
      const gone = (): void => end(() => reject(new CodedError('WORKER_STOPPED')))
      const cancel = (): void => {
        void this.stop()
        end(() => reject(signal!.reason as Error))
      }
      worker.on('message', take).on('error', fail).on('exit', gone)
      signal?.addEventListener('abort', cancel, { once: true })
      worker.postMessage(asked)
    })
  }

  #start(): Worker {
    const worker = new Worker(this.options.url!, {
      workerData: { hold: this.options.hold },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb }
    })
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = null
    }
    worker.on('error', forget).on('exit', forget)
    // The shell decides how long the process lives.
    worker.unref()
    return worker
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }
}

function errorOf({ refused, mistake }: Extract<AsideAnswer, { refused: Failure }>): Error {
  if (mistake !== undefined) return Object.assign(new Error(mistake), { stack: mistake })
  return new CodedError(refused.code, refused.message, refused.details)
}

/** Bytes of the files in a folder and below it; 0 without one. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries.map(async (entry) =>
    entry.isFile() ? ((await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0) : 0
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
