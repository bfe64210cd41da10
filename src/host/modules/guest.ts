// The near end of the guest thread: asks and waits, with a limit after which the thread is ended. Engine code is synchronous, so the wait
// blocks (in the engine worker, or in a terminal); the longest a module can block anybody is its own limit.
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { guestFile } from './guest-file.ts'

export interface GuestLimits {
  readonly memoryBytes: number
  /** Of the module's own work between two answers. */
  readonly milliseconds: number
}

const defaultLimits: GuestLimits = { memoryBytes: 64 * 1024 * 1024, milliseconds: 5000 }

export interface GuestSource {
  /** As errors name it: `modules/name.ts`. */
  readonly file: string
  /** JavaScript, lines as in the file. */
  readonly code: string
}

/** A limit that was reached, or an interpreter that broke: no error of the module's own. */
export type Stopped = 'time' | 'asks' | 'memory' | 'stack' | 'crash'

export interface GuestFailure {
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly stopped?: Stopped
}

export type GuestReply =
  | { readonly done: string }
  | { readonly asks: readonly { readonly ask: number; readonly kind: string; readonly value: string }[] }
  | { readonly failure: GuestFailure }

/** The interpreter notices its own limit; the thread is given this much more before it is ended. */
const graceMs = 500
/** Starting the thread and the interpreter. */
const startMs = 15_000

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  readonly signal: Int32Array
}

export class GuestThread {
  #thread: Thread | null = null
  #executions = 0

  constructor(private readonly limits: GuestLimits = defaultLimits) {}

  /** The module's definition as JSON. */
  describe(source: GuestSource): GuestReply {
    return this.#call({ type: 'describe', ...source })
  }

  explain(source: GuestSource, input: string): GuestReply {
    return this.#call({ type: 'explain', ...source, input })
  }

  execute(source: GuestSource, input: string, data: string): { readonly id: number; readonly reply: GuestReply } {
    const id = ++this.#executions
    return { id, reply: this.#call({ type: 'execute', ...source, id, input, data }) }
  }

  answer(id: number, ask: number, answer: string): GuestReply {
    if (!this.#thread) return { failure: { name: 'Error', message: 'The module was stopped.', stack: '' } }
    return this.#call({ type: 'answer', id, ask, answer })
  }

  /** The execution is given up. */
  drop(id: number): void {
    if (this.#thread) this.#call({ type: 'drop', id })
  }

  /** Resolves once the thread is gone; it is out of use at once. */
  async stop(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    if (!thread) return
    thread.port.close()
    await thread.worker.terminate()
  }

  #start(): Thread {
    const { port1, port2 } = new MessageChannel()
    const signal = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(guestFile(), {
      workerData: { port: port2, signal },
      transferList: [port2],
      env: {},
      execArgv: [],
      // Nothing that is said in there is for the terminal; what happens is answered. Nobody reads it: a stream that is read keeps the process.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 256, stackSizeMb: 8 }
    })
    worker.unref()
    port1.unref()
    const thread = { worker, port: port1, signal }
    const gone = (): void => {
      if (this.#thread === thread) this.#thread = null
    }
    worker.on('error', gone)
    worker.on('exit', gone)
    this.#thread = thread
    Atomics.wait(signal, 0, 0, startMs)
    return thread
  }

  #call(message: object): GuestReply {
    const { port, signal } = this.#thread ?? this.#start()
    const before = Atomics.load(signal, 0)
    port.postMessage({ ...message, ...this.limits })
    const until = performance.now() + this.limits.milliseconds + graceMs
    // The notice of the reply before may come only now: what counts is that the number has changed.
    while (Atomics.load(signal, 0) === before) {
      const left = until - performance.now()
      if (left <= 0 || Atomics.wait(signal, 0, before, left) === 'timed-out') break
    }
    const received = receiveMessageOnPort(port) as { readonly message: RawReply } | undefined
    if (!received) {
      void this.stop()
      return { failure: { name: 'InternalError', message: 'interrupted', stack: '', stopped: 'time' } }
    }
    return this.#read(received.message)
  }

  #read({ done, asks, error, broken }: RawReply): GuestReply {
    if (broken) void this.stop()
    if (error !== undefined) return { failure: JSON.parse(error) as GuestFailure }
    return asks ? { asks } : { done: done ?? '' }
  }
}

interface RawReply {
  readonly done?: string
  readonly asks?: readonly { readonly ask: number; readonly kind: string; readonly value: string }[]
  readonly error?: string
  readonly broken?: boolean
}
