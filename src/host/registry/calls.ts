// Calls that are under way: each can be cancelled by the id that its caller gave it, and can tell how far it is.
import type { EventMap } from '../../contract/events.ts'
import { CodedError } from '../../contract/errors.ts'

/** What a handler knows of the call that it answers. Handlers of short operations need not look at it. */
export interface Call {
  /** Aborted when a person cancelled it. */
  readonly signal: AbortSignal
  /** Tells how far it is; as often as one likes. */
  tell(label: string, done: number, total: number): void
}

/** A call that nobody can cancel: of the command line, or of Retrace itself. */
export const ownCall: Call = { signal: new AbortController().signal, tell: () => undefined }

const tellEveryMs = 100

export class Calls {
  readonly #open = new Map<string, AbortController>()

  constructor(private readonly progress: (progress: EventMap['job.progress']) => void) {}

  cancel(callId: string): boolean {
    const controller = this.#open.get(callId)
    controller?.abort(new CodedError('CANCELLED'))
    return controller !== undefined
  }

  /** Returns as the work does; CANCELLED when it ended because it was cancelled. */
  async run<T>(callId: string | undefined, work: (call: Call) => T | Promise<T>): Promise<T> {
    if (callId === undefined || this.#open.has(callId)) return work(ownCall)
    const controller = new AbortController()
    const { signal } = controller
    let last: EventMap['job.progress'] | null = null
    // What is over in a moment is not told at all.
    let toldAt = performance.now() + 2 * tellEveryMs
    const tell = (label: string, done: number, total: number): void => {
      last = { jobId: callId, label, done, total, state: 'running' }
      if (performance.now() - toldAt < tellEveryMs) return
      toldAt = performance.now()
      this.progress(last)
    }
    const end = (state: 'done' | 'failed' | 'cancelled'): void => {
      if (last !== null) this.progress({ ...(last as EventMap['job.progress']), state })
    }
    this.#open.set(callId, controller)
    try {
      const result = await work({ signal, tell })
      end('done')
      return result
    } catch (error) {
      end(signal.aborted ? 'cancelled' : 'failed')
      // Whatever broke while it was being ended broke because of that.
      throw signal.aborted ? signal.reason : error
    } finally {
      this.#open.delete(callId)
    }
  }
}
