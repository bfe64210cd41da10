// Events of a run while it goes on, for who started it from another process: its own and those of the runs that it fired, in the order in
// which they happened. Kept only for runs that were started to be followed, until they have been read.
import type { Json } from '../../../contract/json.ts'
import type { RunEvent } from '../../../contract/run.ts'
import { CodedError } from '../../../contract/errors.ts'
import { SharingEncoder } from '../../runs/run-codec.ts'
import type { Halt } from '../thread/halt.ts'
import { createMask } from '../mask/run.ts'

/** A page of lines ends behind this much text. */
const pageLength = 32 * 1024 * 1024
/** Who goes away without reading on must not keep the data of many runs in memory. */
const mostFollowed = 4

/** Lines of JSON that SharingDecoder reads in order; `more`: false once all of it was told. */
export interface FollowedPage {
  readonly lines: readonly string[]
  readonly more: boolean
}

class Followed {
  readonly #events: RunEvent[] = []
  readonly #encoder = new SharingEncoder()
  readonly #mask = createMask()
  #isOver = false
  #wake: () => void = () => undefined

  take(event: RunEvent): void {
    this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** What came since; waits until there is something. */
  async read(unmasked: boolean, halt: Halt | undefined): Promise<FollowedPage> {
    // A call that was cancelled is not answered: what it would have read is then nobody's any more.
    while (this.#events.length === 0 && !this.#isOver) await new Promise<void>((wake) => (this.#wake = wake))
    const lines: string[] = []
    let length = 0
    let event: RunEvent | undefined
    while (length < pageLength && (event = this.#events.shift()) !== undefined) {
      const { data, ...head } = unmasked ? event : this.#mask(event)
      let line = `${JSON.stringify(head).slice(0, -1)},"data":`
      for (const piece of this.#encoder.encode(data as unknown as Json)) line += piece
      lines.push(`${line}}`)
      length += line.length
      await halt?.breathe()
    }
    return { lines, more: !this.#isOver || this.#events.length > 0 }
  }
}

export type Follower = Pick<Followed, 'take' | 'end'>

export class FollowBook {
  readonly #runs = new Map<string, Followed>()

  start(runId: string): Follower {
    const followed = new Followed()
    this.#runs.set(runId, followed)
    for (const oldest of this.#runs.keys()) if (this.#runs.size > mostFollowed) this.#runs.delete(oldest)
    return followed
  }

  /** Throws RUN_NOT_FOUND for a run that nobody follows, or that has been read. */
  async read(runId: string, unmasked: boolean, halt: Halt | undefined): Promise<FollowedPage> {
    const followed = this.#runs.get(runId)
    if (!followed) throw new CodedError('RUN_NOT_FOUND', `Nobody follows a run “${runId}”.`)
    const page = await followed.read(unmasked, halt)
    if (!page.more) this.#runs.delete(runId)
    return page
  }
}
