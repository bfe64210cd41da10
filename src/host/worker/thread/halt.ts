// How a call of the engine worker is ended from outside. A flag in shared memory is seen while the thread is busy; the signal is for what
// waits for somebody else.
import { setImmediate as breathe } from 'node:timers/promises'
import { CodedError } from '../../../contract/errors.ts'

export class Halt {
  readonly #controller = new AbortController()
  readonly #flag: Int32Array | null

  constructor(flag?: SharedArrayBuffer) {
    this.#flag = flag ? new Int32Array(flag) : null
  }

  get asked(): boolean {
    return this.signal.aborted || (this.#flag !== null && Atomics.load(this.#flag, 0) === 1)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Wakes what waits. */
  now(): void {
    this.#controller.abort(new CodedError('CANCELLED'))
  }

  /** Throws CANCELLED once somebody asked for the end. */
  check(): void {
    if (this.asked) throw new CodedError('CANCELLED')
  }

  /** Lets others have the thread, and ends here when it was asked for meanwhile. */
  async breathe(): Promise<void> {
    await breathe()
    this.check()
  }

  /** The answer, or CANCELLED as soon as that is asked for. */
  until<T>(answer: T | Promise<T>): Promise<T> {
    const { signal } = this
    return new Promise<T>((resolve, reject) => {
      const ended = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', ended, { once: true })
      Promise.resolve(answer)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', ended))
    })
  }
}

/** Of work that nobody can end. */
export const noHalt = new Halt()

export const raiseFlag = (flag: SharedArrayBuffer): void => void Atomics.store(new Int32Array(flag), 0, 1)
