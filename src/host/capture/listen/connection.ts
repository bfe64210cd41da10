// One connection of the listener: reads one request, hands its body to the journal, answers, closes. MISP waits for the closed
// socket and takes a reset for a reason to abort its run, so every way out of here is a full answer, our half of the
// connection closed, and what the peer still sends read and thrown away until it closes too.
import { isIPv6, type Socket } from 'node:net'
import { handOver } from '../../uncaught.ts'
import { continueAnswer, encodeAnswer, type Answer } from './answers.ts'
import { smallHead, type CrowdLimits, type Member } from './crowd.ts'
import { HeadBuffer } from './head-buffer.ts'
import { ChunkedBody, parseHead, type RequestHead } from './http-request.ts'
import { IncomingBody, type BodyFlow, type BodyHost, type Budget } from './incoming-body.ts'

export interface ConnectionLimits extends CrowdLimits {
  readonly headBytes: number
  readonly bodyBytes: number
  /** Bodies above this go to a file while they arrive. */
  readonly memoryBytes: number
  /** For the whole head, and between two reads of a body. */
  readonly idleMs: number
  /** How long a refused peer may go on sending. */
  readonly lingerMs: number
}

/** Where bodies go. The budgets are memory that all connections share. */
export interface ConnectionHost extends BodyHost {
  readonly limits: ConnectionLimits
  /** Of large heads, complete or not. */
  readonly heads: Budget
  /** Milliseconds of a clock that neither a changed time of day nor a pause of the process moves. */
  readonly now: number
  /** Answers a refusal, or the name of the source when the request may go on. Called once the head is read. */
  judge(head: RequestHead): Answer | string
  /** What the peer is told when its body could not be written. */
  notStored(error: NodeJS.ErrnoException): Answer
  /** Stores the request; `answer` must be called exactly once. */
  store(request: CompleteRequest, answer: (answer: Answer) => void): void
  /** There is no memory for a head that grows: makes some. False when nobody else has any. */
  endLargeHead(by: Connection): boolean
  /** It is no more one of those that never said what they want. */
  pastHead(connection: Connection): void
  closed(connection: Connection): void
}

export interface CompleteRequest {
  readonly head: RequestHead
  readonly source: string
  readonly opened: number
  readonly body: readonly Buffer[]
  readonly bodyBytes: number
  /** The finished file when the body was too large for memory. */
  readonly spooled: string | null
}

/** Bytes a second: who sends less for `patienceMs` may be sent away when others need the room. */
const slowRate = 1024
const patienceMs = 10_000
/** The time of day may differ so much from what has passed before it counts as changed. */
const jumpMs = 1000

/** One address is one peer; of IPv6, one network. */
export function peerOf(address: string | undefined): string {
  if (address === undefined || !isIPv6(address) || address.startsWith('::ffff:')) return address ?? ''
  return address.split(':').slice(0, 4).join(':')
}

export class Connection implements Member {
  state: Member['state'] = 'head'
  readonly peer: string
  readonly since: number
  answeredAt = 0
  private readonly opened = { at: Date.now(), monotonic: performance.now() }
  private deadline: number
  private head: RequestHead | null = null
  private source = ''
  private readonly early = new HeadBuffer()
  private heldHead = 0
  private received = 0
  private chunked: ChunkedBody | null = null
  private body: IncomingBody | null = null

  constructor(
    private readonly socket: Socket,
    private readonly host: ConnectionHost
  ) {
    this.peer = peerOf(socket.remoteAddress)
    this.since = host.now
    this.deadline = this.since + host.limits.idleMs
    socket.on('data', (bytes: Buffer) => this.attempt(() => this.onData(bytes)))
    socket.on('end', () => this.attempt(() => this.onEnd()))
    // A peer that resets the connection is its own affair: 'close' follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.release())
  }

  /** True while a request is being read or stored. */
  get busy(): boolean {
    return this.state === 'storing' || this.state === 'body' || (this.state === 'head' && !this.early.isEmpty)
  }

  get headBytes(): number {
    return this.heldHead
  }

  get isDone(): boolean {
    if (this.state !== 'answered' || !this.socket.writableFinished) return false
    const passed = this.host.now - this.answeredAt
    return passed >= this.host.limits.lingerMs || this.received * 1000 <= passed * slowRate
  }

  isSlow(now: number): boolean {
    const passed = now - this.since
    return passed >= patienceMs && this.body?.isWaiting !== true && this.received * 1000 < passed * slowRate
  }

  /** Called about once a second: ends what takes too long. */
  check(now: number): void {
    if (this.body?.isWaiting) this.deadline = now + this.host.limits.idleMs
    if (now < this.deadline) return
    if (this.state === 'answered') this.close()
    else if (this.state !== 'storing') this.answer({ status: 408, text: 'the request timed out' })
  }

  /** An answer for those whose request is not complete. */
  refuse(answer: Answer): void {
    if (this.state === 'head' || this.state === 'body') this.answer(answer)
  }

  close(): void {
    this.socket.destroy()
  }

  /** Whatever goes wrong here is answered: a peer without an answer waits, and MISP with it. */
  private attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      handOver(error)
      if (this.state !== 'storing') this.answer({ status: 500, text: 'internal error; the post is not stored' })
    }
  }

  private onData(bytes: Buffer): void {
    this.received += bytes.length
    if (this.state === 'head') this.readHead(bytes)
    else if (this.state === 'body') this.readBody(bytes)
    else if (this.state === 'answered') {
      // Read and dropped, so that closing does not become a reset: as long as it flows, but not for ever.
      const { lingerMs } = this.host.limits
      this.deadline = Math.min(this.host.now + lingerMs, this.answeredAt + 20 * lingerMs)
    }
  }

  private readHead(bytes: Buffer): void {
    const { all, end } = this.early.add(bytes)
    const { headBytes } = this.host.limits
    if (end > headBytes || (end < 0 && all.length > headBytes)) {
      return this.answer({ status: 431, text: 'the request headers are larger than the limit' })
    }
    // A complete head lives on as text until the answer.
    this.holdHead(end < 0 ? this.early.size : end)
    while (this.heldHead > 0 && this.host.heads.used > this.host.heads.max) {
      if (!this.host.endLargeHead(this))
        return this.answer({ status: 503, text: 'too many requests with large headers' })
    }
    if (end < 0) return
    this.early.clear()
    const head = parseHead(all.subarray(0, end))
    if (typeof head === 'string') return this.answer({ status: 400, text: head })
    this.begin(head, all.subarray(end))
  }

  private holdHead(size: number): void {
    const bytes = size > smallHead ? size : 0
    this.host.heads.used += bytes - this.heldHead
    this.heldHead = bytes
  }

  private begin(head: RequestHead, rest: Buffer): void {
    this.head = head
    const verdict = this.host.judge(head)
    if (typeof verdict !== 'string') return this.answer(verdict)
    this.source = verdict
    const { framing } = head
    if (framing.kind === 'length' && framing.bytes > this.host.limits.bodyBytes) return this.tooLarge()
    if (framing.kind === 'chunked') this.chunked = new ChunkedBody()
    this.body = new IncomingBody(this.host, framing.kind === 'length' ? framing.bytes : null, this.flow)
    this.state = 'body'
    this.host.pastHead(this)
    if (head.expectsContinue && rest.length === 0) this.socket.write(continueAnswer)
    this.readBody(rest)
  }

  private readonly flow: BodyFlow = {
    pause: () => this.socket.pause(),
    resume: () => this.socket.resume(),
    failed: (error) => {
      this.socket.resume()
      this.answer(this.host.notStored(error))
    }
  }

  private readBody(bytes: Buffer): void {
    this.deadline = this.host.now + this.host.limits.idleMs
    const { framing } = this.head!
    const body = this.body!
    if (framing.kind === 'length') {
      const left = framing.bytes - body.bytes
      if (bytes.length > 0 && left > 0 && !body.take(bytes.length > left ? bytes.subarray(0, left) : bytes))
        return this.tooLarge()
      if (body.bytes === framing.bytes) this.complete()
      return
    }
    // One part a read: thousands of crumbs would cost more than their bytes.
    const parts = this.chunked!.push(bytes)
    if (parts.length > 0 && !body.take(parts.length > 1 ? Buffer.concat(parts) : parts[0]!)) return this.tooLarge()
    if (this.chunked!.failed) this.answer({ status: 400, text: 'invalid chunked encoding' })
    else if (this.chunked!.done) this.complete()
  }

  private complete(): void {
    if (this.state !== 'body') return
    this.state = 'storing'
    const body = this.body!
    body.finish((parts, spooled) => {
      if (this.state !== 'storing') return
      const { source } = this
      this.host.store(
        { head: this.head!, source, opened: this.openedAt(), body: parts, bodyBytes: body.bytes, spooled },
        (answer) => {
          // Stored: the file is the journal's now.
          if (answer.status === 200) body.handOver()
          this.answer(answer)
        }
      )
    })
  }

  /** When it was opened, by the time of day as it is now: a post must not seem to be opened before an earlier one was answered. */
  private openedAt(): number {
    const passed = performance.now() - this.opened.monotonic
    const now = Date.now()
    return Math.abs(now - this.opened.at - passed) > jumpMs ? Math.round(now - passed) : this.opened.at
  }

  private tooLarge(): void {
    this.answer({ status: 413, text: `the body is larger than the limit of ${this.host.limits.bodyBytes} bytes` })
  }

  private answer(answer: Answer): void {
    if (this.state === 'answered') return
    this.state = 'answered'
    this.answeredAt = this.host.now
    this.received = 0
    this.drop()
    this.host.pastHead(this)
    this.deadline = this.answeredAt + this.host.limits.lingerMs
    this.socket.resume()
    if (!this.socket.destroyed) this.socket.end(encodeAnswer(answer))
  }

  private drop(): void {
    this.early.clear()
    this.holdHead(0)
    this.head = null
    this.chunked = null
    this.body?.drop()
    this.body = null
  }

  /** The peer has sent all it wants to. */
  private onEnd(): void {
    if (this.state === 'head' && this.early.isEmpty) this.socket.end()
    else if (this.state === 'head' || this.state === 'body') {
      this.answer({ status: 400, text: 'the request ended before its body was complete' })
    }
  }

  private release(): void {
    if (this.state !== 'storing') {
      this.state = 'answered'
      this.drop()
    }
    this.host.closed(this)
  }
}
