// One connection of the listener: reads one request, hands its body to the journal, answers, closes. MISP waits for the closed
// socket and takes a reset for a reason to abort its run, so every way out of here is a full answer, our half of the
// connection closed, and what the peer still sends read and thrown away until it closes too.
import { createWriteStream, type WriteStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { ChunkedBody, findHeadEnd, parseHead, type RequestHead } from './http-request.ts'

export interface ConnectionLimits {
  readonly headBytes: number
  readonly bodyBytes: number
  /** Bodies above this go to a file while they arrive. */
  readonly memoryBytes: number
  /** For the whole head, and between two reads of a body. */
  readonly idleMs: number
  /** How long a refused peer may go on sending. */
  readonly lingerMs: number
}

/** Where bodies go. `budget` is the memory that all connections share. */
export interface ConnectionHost {
  readonly limits: ConnectionLimits
  readonly budget: { used: number; readonly max: number }
  /** Answers a refusal, or the name of the source when the request may go on. Called once the head is read. */
  judge(head: RequestHead): Answer | string
  spoolPath(): string
  /** Stores the request; `answer` must be called exactly once. */
  store(request: CompleteRequest, answer: (answer: Answer) => void): void
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

export interface Answer {
  readonly status: number
  readonly text: string
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage'
}

export function encodeAnswer({ status, text }: Answer): Buffer {
  const body = Buffer.from(`${text}\n`)
  const challenge = status === 401 ? 'WWW-Authenticate: Basic realm="retrace"\r\n' : ''
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} ${reasons[status] ?? 'Answer'}\r\nContent-Type: text/plain; charset=utf-8\r\n${challenge}` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`
    ),
    body
  ])
}

const okAnswer = encodeAnswer({ status: 200, text: 'ok' })
const continueAnswer = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

export class Connection {
  readonly opened = Date.now()
  private deadline: number
  private state: 'head' | 'body' | 'storing' | 'answered' = 'head'
  private head: RequestHead | null = null
  private source = ''
  private early: Buffer | null = null
  private searched = 0
  private answered = 0
  private chunks: Buffer[] = []
  private bytes = 0
  private held = 0
  private chunked: ChunkedBody | null = null
  private spool: WriteStream | null = null
  private spoolName: string | null = null

  constructor(
    private readonly socket: Socket,
    private readonly host: ConnectionHost
  ) {
    this.deadline = this.opened + host.limits.idleMs
    socket.on('data', (bytes: Buffer) => this.onData(bytes))
    socket.on('end', () => this.onEnd())
    // A peer that resets the connection is its own affair: 'close' follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.release())
  }

  /** True while a request is being read or stored. */
  get busy(): boolean {
    return this.state === 'storing' || this.state === 'body' || (this.state === 'head' && this.early !== null)
  }

  /** Called about once a second: ends what takes too long. */
  check(now: number): void {
    if (now < this.deadline) return
    if (this.state === 'answered') this.socket.destroy()
    else if (this.state !== 'storing') this.answer({ status: 408, text: 'the request did not arrive in time' })
  }

  /** During shutdown: an answer for those whose request is not complete. */
  refuse(answer: Answer): void {
    if (this.state === 'head' || this.state === 'body') this.answer(answer)
  }

  private onData(bytes: Buffer): void {
    if (this.state === 'head') this.readHead(bytes)
    else if (this.state === 'body') this.readBody(bytes)
    else if (this.state === 'answered') {
      // Read and dropped, so that closing does not become a reset: as long as it flows, but not for ever.
      this.deadline = Math.min(Date.now() + this.host.limits.lingerMs, this.answered + 20 * this.host.limits.lingerMs)
    }
  }

  private readHead(bytes: Buffer): void {
    const all = this.early === null ? bytes : Buffer.concat([this.early, bytes])
    const end = findHeadEnd(all, Math.max(0, this.searched - 3))
    if (end < 0 && all.length <= this.host.limits.headBytes) {
      this.early = all
      this.searched = all.length
      return
    }
    this.early = null
    if (end < 0 || end > this.host.limits.headBytes) {
      return this.answer({ status: 431, text: 'the head of the request is larger than the limit' })
    }
    const head = parseHead(all.subarray(0, end))
    if (typeof head === 'string') return this.answer({ status: 400, text: head })
    this.head = head
    const verdict = this.host.judge(head)
    if (typeof verdict !== 'string') return this.answer(verdict)
    this.source = verdict
    if (head.framing.kind === 'length' && head.framing.bytes > this.host.limits.bodyBytes) return this.tooLarge()
    if (head.framing.kind === 'chunked') this.chunked = new ChunkedBody()
    this.state = 'body'
    if (head.expectsContinue && end === all.length) this.socket.write(continueAnswer)
    this.readBody(all.subarray(end))
  }

  private readBody(bytes: Buffer): void {
    this.deadline = Date.now() + this.host.limits.idleMs
    const framing = this.head!.framing
    if (framing.kind === 'length') {
      this.take(bytes.length > framing.bytes - this.bytes ? bytes.subarray(0, framing.bytes - this.bytes) : bytes)
      if (this.state === 'body' && this.bytes === framing.bytes) this.complete()
      return
    }
    for (const data of this.chunked!.push(bytes)) this.take(data)
    if (this.state !== 'body') return
    if (this.chunked!.failed) this.answer({ status: 400, text: 'broken chunked encoding' })
    else if (this.chunked!.done) this.complete()
  }

  private take(data: Buffer): void {
    if (data.length === 0 || this.state !== 'body') return
    this.bytes += data.length
    if (this.bytes > this.host.limits.bodyBytes) return this.tooLarge()
    if (this.spool !== null) return this.spoolOn(data)
    this.chunks.push(data)
    this.hold(data.length)
    // A slow sender's crumbs would cost more in bookkeeping than in bytes.
    if (this.chunks.length > 300) this.chunks = [Buffer.concat(this.chunks)]
    const { limits, budget } = this.host
    const announced = this.head!.framing.kind === 'length' ? this.head!.framing.bytes : this.bytes
    if (announced > limits.memoryBytes || (budget.used > budget.max && announced > 65_536)) this.beginSpool()
  }

  private hold(bytes: number): void {
    this.held += bytes
    this.host.budget.used += bytes
  }

  private beginSpool(): void {
    this.spoolName = this.host.spoolPath()
    this.spool = createWriteStream(this.spoolName, { flags: 'wx', highWaterMark: 1 << 20 })
    this.spool.on('error', (error: NodeJS.ErrnoException) => this.spoolFailed(error))
    const chunks = this.chunks
    this.chunks = []
    this.host.budget.used -= this.held
    this.held = 0
    for (const chunk of chunks) this.spoolOn(chunk)
  }

  private spoolOn(data: Buffer): void {
    const spool = this.spool!
    if (spool.write(data)) return
    this.socket.pause()
    spool.once('drain', () => this.socket.resume())
  }

  private spoolFailed(error: NodeJS.ErrnoException): void {
    this.socket.resume()
    const full = error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG'
    if (full) this.answer({ status: 507, text: 'the disk is full: this post is not kept' })
    else this.answer({ status: 500, text: 'the post could not be stored' })
  }

  private complete(): void {
    this.state = 'storing'
    const finish = (): void =>
      this.host.store(
        {
          head: this.head!,
          source: this.source,
          opened: this.opened,
          body: this.chunks,
          bodyBytes: this.bytes,
          spooled: this.spoolName
        },
        (answer) => {
          // Stored: the file is the journal's now.
          if (answer.status === 200) this.spoolName = null
          this.answer(answer)
        }
      )
    const spool = this.spool
    if (spool === null) return finish()
    // Called for a failed write too: then the body is not whole, and 'error' tells why.
    spool.end((error?: Error | null) => {
      if (this.state === 'storing' && !error && spool.errored === null) finish()
    })
  }

  private tooLarge(): void {
    this.answer({ status: 413, text: `the body is larger than the limit of ${this.host.limits.bodyBytes} bytes` })
  }

  private answer(answer: Answer): void {
    if (this.state === 'answered') return
    this.state = 'answered'
    this.answered = Date.now()
    this.dropBody()
    this.deadline = this.answered + this.host.limits.lingerMs
    this.socket.resume()
    if (!this.socket.destroyed)
      this.socket.end(answer.status === 200 && answer.text === 'ok' ? okAnswer : encodeAnswer(answer))
  }

  private dropBody(): void {
    this.chunks = []
    this.early = null
    this.host.budget.used -= this.held
    this.held = 0
    if (this.spoolName === null) return
    const name = this.spoolName
    this.spoolName = null
    this.spool?.destroy()
    // It was never acknowledged. If it cannot be removed, the next start sets it aside and says so.
    unlink(name).catch(() => undefined)
  }

  /** The peer has sent all it wants to. */
  private onEnd(): void {
    if (this.state === 'head' && this.early === null && this.head === null) this.socket.end()
    else if (this.state === 'head' || this.state === 'body') {
      this.answer({ status: 400, text: 'the request ended before its body was complete' })
    }
  }

  private release(): void {
    if (this.state !== 'storing') {
      this.state = 'answered'
      this.dropBody()
    }
    this.host.closed(this)
  }
}
