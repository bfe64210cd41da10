// The host's end of the engine worker: starts the thread when it is first needed, and again after it died. A call that was under way
// then is answered WORKER_STOPPED; nothing waits for ever.
import { createBirpc } from 'birpc'
import type { BirpcReturn } from 'birpc'
import { totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Answer } from '../../contract/wire.ts'
import { createEngineWorker } from './engine-worker.ts'
import type { HostOfWorker, Refs, RunRef, WorkerOperation, WorkerSide } from './protocol.ts'

export interface EngineClient {
  execute(name: WorkerOperation, params: unknown, refs: Refs): Promise<Answer<unknown>>
  prepare(ref: RunRef): Promise<void>
  stop(): Promise<void>
}

/** In this thread: for short commands in a terminal, and for tests. */
export const createInlineEngine = (host: HostOfWorker): EngineClient => createEngineWorker(host)

export interface ThreadOptions {
  /** The built worker (`worker.mjs`). */
  readonly url: URL
  readonly onStopped: (reason: string) => void
}

interface Running {
  readonly thread: Worker
  readonly rpc: BirpcReturn<WorkerSide, HostOfWorker>
}

export function createThreadEngine(host: HostOfWorker, { url, onStopped }: ThreadOptions): EngineClient {
  let running: Running | null = null
  let stopping = false

  function start(): Running {
    const thread = new Worker(url, {
      resourceLimits: { maxOldGenerationSizeMb: Math.max(2048, Math.floor((totalmem() / 1024 ** 2) * 0.7)) }
    })
    const rpc = createBirpc<WorkerSide, HostOfWorker>(host, {
      post: (message) => thread.postMessage(message),
      on: (receive) => thread.on('message', receive),
      timeout: -1
    })
    const gone = (reason: string): void => {
      if (running?.thread !== thread) return
      running = null
      rpc.$close(new WorkerGone(reason))
      if (!stopping) onStopped(reason)
    }
    thread.on('error', (error) => gone(error.message))
    thread.on('exit', (code) => gone(`exit code ${code}`))
    // The shell decides how long the process lives.
    thread.unref()
    return { thread, rpc }
  }

  // Loading its code takes a while: better before the first run is opened than then.
  const soon = setTimeout(() => {
    if (!stopping) running ??= start()
  }, 300)
  soon.unref()

  return {
    async execute(name, params, refs) {
      try {
        running ??= start()
        return await running.rpc.execute(name, params, refs)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return { ok: false, error: { code: 'WORKER_STOPPED', message: `The engine worker stopped (${reason}).` } }
      }
    },
    async prepare(ref) {
      running ??= start()
      // A thread that ended is told to whoever calls it next.
      await running.rpc.prepare(ref).catch(() => undefined)
    },
    async stop() {
      stopping = true
      clearTimeout(soon)
      const last = running
      if (!last) return
      await Promise.race([
        last.rpc.stop().catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, 10_000).unref())
      ])
      await last.thread.terminate()
    }
  }
}

class WorkerGone extends Error {}
