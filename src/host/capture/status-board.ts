// How capturing is, as it is told: thousands of posts a second must not become thousands of messages.
import type { CaptureStatus } from '../../contract/workspace.ts'

const everyMs = 200

/** What is read when it is told. */
type Known = Pick<CaptureStatus, 'heard' | 'debug'>

export class StatusBoard {
  current: CaptureStatus = {
    state: 'off',
    url: null,
    message: null,
    posts: 0,
    lastPostAt: null,
    heard: [],
    debug: { posted: [], saved: [] },
    forward: null
  }
  private timer: NodeJS.Timeout | null = null

  constructor(
    private readonly known: () => Known,
    private readonly tell: (status: CaptureStatus) => void
  ) {}

  /** Nothing that waits to be told. */
  get isQuiet(): boolean {
    return this.timer === null
  }

  say(change: Partial<CaptureStatus>): void {
    this.note(change)
    this.tell(this.current)
  }

  saySoon(change: Partial<CaptureStatus> = {}): void {
    this.note(change)
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.say(this.known())
    }, everyMs)
  }

  /** Told with what is told next. */
  note(change: Partial<CaptureStatus>): void {
    this.current = { ...this.current, ...change }
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer)
  }
}
