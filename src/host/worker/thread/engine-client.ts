// The host's end of the engine worker: starts the thread when it is first needed, and again after it died. A call that was under way
// then is answered WORKER_STOPPED; nothing waits for ever. A call that was cancelled ends at once, also one that keeps the thread busy:
// where the thread does not hear it, it is started anew, and what else it was asked is asked again.
import { createBirpc } from 'birpc'
import type { BirpcReturn } from 'birpc'
import { totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { CodedError, errorTable } from '../../../contract/errors.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import type { Answer } from '../../../contract/wire.ts'
import type { HoldTicket } from '../../store/hold.ts'
import type { EngineWorker } from './engine-worker.ts'
import { raiseFlag } from './halt.ts'
import type { HostOfWorker, Refs, RunRef, WorkerCall, WorkerOperation, WorkerSetup, WorkerSide } from './protocol.ts'

export interface EngineClient {
  /** Answers always; CANCELLED soon after the signal. */
  execute(name: WorkerOperation, params: unknown, refs: Refs, signal?: AbortSignal): Promise<Answer<unknown>>
  prepare(ref: RunRef): Promise<void>
  readonly search: EngineSearch
  stop(): Promise<void>
}

/** WORKER_STOPPED when the thread ends meanwhile. */
type EngineSearch = Pick<WorkerSide, 'sift' | 'look' | 'learn'>

/** In this thread: for short commands in a terminal, and for tests. Its code is half of Retrace and is loaded when it is first asked. */
export function createInlineEngine(host: HostOfWorker): EngineClient {
  let loading: Promise<EngineWorker> | null = null
  const engine = (): Promise<EngineWorker> =>
    (loading ??= import('./engine-worker.ts').then(({ createEngineWorker }) => createEngineWorker(host)))
  return {
    execute: async (name, params, refs) => (await engine()).execute(name, params, refs),
    prepare: async (ref) => (await engine()).prepare(ref),
    search: {
      sift: async (...asked) => (await engine()).sift(...asked),
      look: async (...asked) => (await engine()).look(...asked),
      learn: async (...asked) => (await engine()).learn(...asked)
    },
    stop: async () => (await loading)?.stop()
  }
}

export interface ThreadOptions {
  /** The built worker (`worker.mjs`). */
  readonly url: URL
  readonly onStopped: (reason: Error) => void
  /** Runs that ended with it and were not kept, as they were last told. */
  readonly onLost?: (runs: readonly RunSummary[], reason: Error) => void
  /** The right to write the workspace, which the thread looks at by itself. */
  readonly hold?: HoldTicket | null
  /** False where nobody may ever ask it anything. */
  readonly soon?: boolean
}

interface Running {
  readonly thread: Worker
  readonly rpc: BirpcReturn<WorkerSide, HostOfWorker>
  /** Started anew for a call that did not end: the others are asked again. */
  replaced: boolean
}

/** Longer than the thread is busy between two looks at what it was told. */
const deafAfterMs = 1000

/** What a thread tells of itself. */
interface Told {
  working(own: Running, runs: number): void
  leaving(own: Running): void
  /** `lost`: runs that only it had, as they were last told. */
  ended(own: Running, reason: Error, lost: readonly RunSummary[]): void
}

function startThread(host: HostOfWorker, url: URL, hold: HoldTicket | null, told: Told): Running {
  const thread = new Worker(url, {
    workerData: { hold } satisfies WorkerSetup,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(2048, Math.floor((totalmem() / 1024 ** 2) * 0.7)) }
  })
  const unkept = new Map<string, RunSummary>()
  const heard: HostOfWorker = {
    ...host,
    working: (count) => told.working(own, count),
    leaving: () => told.leaving(own),
    runChanged(summary, kept) {
      if (kept) unkept.delete(summary.id)
      else unkept.set(summary.id, summary)
      host.runChanged(summary, kept)
    }
  }
  const rpc = createBirpc<WorkerSide, HostOfWorker>(heard, {
    post: (message) => thread.postMessage(message),
    on: (receive) => thread.on('message', receive),
    timeout: -1
  })
  let isGone = false
  const gone = (error: Error): void => {
    if (isGone || own.replaced) return
    isGone = true
    rpc.$close(new WorkerGone(error.message))
    const lost = [...unkept.values()]
    unkept.clear()
    told.ended(own, error, lost)
  }
  thread.on('error', (error) => gone(error instanceof Error ? error : new Error(String(error))))
  thread.on('exit', (code) => gone(new Error(`exit code ${code}`)))
  // The shell decides how long the process lives.
  thread.unref()
  const own: Running = { thread, rpc, replaced: false }
  return own
}

export function createThreadEngine(
  host: HostOfWorker,
  { url, onStopped, onLost, hold = null, soon: startsSoon = true }: ThreadOptions
): EngineClient {
  let running: Running | null = null
  let stopping = false
  let calls = 0
  /** Runs in the thread, which end with it. */
  let runs = 0
  /** Flags of runs in progress, by which they end while a node keeps the thread busy. */
  const flags = new Map<string, SharedArrayBuffer>()

  function leave(own: Running): boolean {
    if (running !== own) return false
    running = null
    runs = 0
    return true
  }

  const start = (): Running =>
    startThread(host, url, hold, {
      working(own, count) {
        if (running !== own) return
        runs = count
        if (count === 0) flags.clear()
      },
      leaving: leave,
      ended(own, reason, lost) {
        if (leave(own)) flags.clear()
        if (!stopping) onStopped(reason)
        if (lost.length > 0) onLost?.(lost, reason)
      }
    })

  /** It does not hear that a call is cancelled. Runs in progress are worth more than that call. */
  function startAnew(deaf: Running): void {
    if (running !== deaf || runs > 0 || stopping) return
    running = null
    deaf.replaced = true
    deaf.rpc.$close(new WorkerGone('started anew'))
    void deaf.thread.terminate()
  }

  function end(at: Running, { id, flag }: WorkerCall): void {
    raiseFlag(flag)
    at.rpc.cancel(id).catch(() => undefined)
  }

  async function ask(name: WorkerOperation, params: unknown, refs: Refs, signal: AbortSignal | undefined) {
    const at = (running ??= start())
    const call: WorkerCall = { id: ++calls, flag: new SharedArrayBuffer(4) }
    if ((name === 'run.start' || name === 'run.again') && refs.newRun) flags.set(refs.newRun.id, call.flag)
    let timer: NodeJS.Timeout | undefined
    const cancel = (): void => {
      end(at, call)
      timer = setTimeout(() => startAnew(at), deafAfterMs)
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await at.rpc.execute(name, params, refs, call)
    } catch (error) {
      if (!at.replaced || signal?.aborted === true) throw error
      return ask(name, params, refs, signal)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    }
  }

  // Loading its code takes a while: better before the first run is opened than then.
  const soon = setTimeout(() => {
    if (!stopping && startsSoon) running ??= start()
  }, 300)
  soon.unref()

  return {
    async execute(name, params, refs, signal) {
      try {
        const flag = name === 'run.cancel' ? flags.get((params as { readonly runId: string }).runId) : undefined
        if (flag) raiseFlag(flag)
        return await ask(name, params, refs, signal)
      } catch (error) {
        if (signal?.aborted === true) return { ok: false, error: { code: 'CANCELLED', message: errorTable.CANCELLED } }
        const reason = error instanceof Error ? error.message : String(error)
        return { ok: false, error: { code: 'WORKER_STOPPED', message: `The engine worker stopped (${reason}).` } }
      }
    },
    async prepare(ref) {
      running ??= start()
      // A thread that ended is told to whoever calls it next.
      await running.rpc.prepare(ref).catch(() => undefined)
    },
    search: searchIn(() => (running ??= start()).rpc),
    async stop() {
      stopping = true
      clearTimeout(soon)
      const last = running
      if (!last) return
      // Nothing else may keep the process alive by now, and what runs is still to be written.
      last.thread.ref()
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        last.rpc.stop().catch(() => undefined),
        new Promise((resolve) => (timer = setTimeout(resolve, 10_000)))
      ])
      clearTimeout(timer)
      await last.thread.terminate()
    }
  }
}

function searchIn(side: () => Running['rpc']): EngineSearch {
  const search = async <T>(work: (side: Running['rpc']) => Promise<T>): Promise<T> => {
    try {
      return await work(side())
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new CodedError('WORKER_STOPPED', `The engine worker stopped (${reason}).`)
    }
  }
  return {
    sift: (...asked) => search((thread) => thread.sift(...asked)),
    look: (...asked) => search((thread) => thread.look(...asked)),
    learn: (...asked) => search((thread) => thread.learn(...asked))
  }
}

class WorkerGone extends Error {}
