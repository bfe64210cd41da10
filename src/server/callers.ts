// Who is connected to the app's server. Whoever reaches the port may connect, and must not fill the memory or the descriptors with it, nor keep the
// page of the person out: beyond the limit those go first who never said what they want, with a written refusal (host/capture/crowd.ts), then
// those who have their answer. Who has shown the token stays.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { encodeAnswer, type Answer } from '../host/capture/listen/answers.ts'
import { peerOf } from '../host/capture/listen/connection.ts'
import { Crowd, type CrowdLimits, type Member } from '../host/capture/listen/crowd.ts'

export interface CallerLimits extends CrowdLimits {
  /** For the whole head of a request. */
  readonly headMs: number
  /** How long who was refused may go on sending, so that closing does not become a reset. */
  readonly lingerMs: number
  /** Pages at once. */
  readonly pages: number
  /** Bytes that a page may leave unread. */
  readonly unreadBytes: number
}

export const callerLimits: CallerLimits = {
  ...{ connections: 200, waitingPerPeer: 100, headMs: 15_000, lingerMs: 2000, pages: 64 },
  unreadBytes: 512 * 1024 * 1024
}

const stepMs = 1000
const patienceMs = 10_000

class Caller implements Member {
  readonly headBytes = 0
  readonly peer: string
  state: Member['state'] = 'head'
  answeredAt = 0
  isKnown = false
  private requests = 0

  constructor(
    private readonly socket: Socket,
    readonly since: number,
    private readonly limits: CallerLimits,
    private readonly pastHead: (caller: Caller) => void
  ) {
    this.peer = peerOf(socket.remoteAddress)
  }

  get isDone(): boolean {
    return this.state === 'answered'
  }

  /** A page of the person may take its time. */
  isSlow(now: number): boolean {
    return !this.isKnown && now - this.since >= patienceMs
  }

  asks(): void {
    this.requests++
    this.state = 'body'
    this.pastHead(this)
  }

  /** A request was answered; there may be more in the pipe. */
  answered(now: number): void {
    this.requests--
    if (this.requests > 0 || this.state !== 'body') return
    this.state = 'answered'
    this.answeredAt = now
  }

  /** In the middle of an answer there is no place for another one. */
  refuse(answer: Answer): void {
    if (this.state !== 'head') return this.close()
    this.state = 'answered'
    this.pastHead(this)
    this.socket.end(encodeAnswer(answer))
    this.leave()
  }

  /** What still comes is read and dropped, for a moment. */
  leave(): void {
    setTimeout(() => this.close(), this.limits.lingerMs).unref()
  }

  close(): void {
    this.socket.destroy()
  }
}

export interface Callers {
  readonly size: number
  /** The token came over this connection. */
  know(socket: Duplex): void
  /** Its answer is written; the body may not be there yet, and nobody wants it any more. */
  answered(request: IncomingMessage): void
  /** It was told to go. */
  dismiss(socket: Duplex): void
  close(): void
}

/** Watches every connection of a server from its first byte. */
export function watchCallers(server: Server, limits: CallerLimits): Callers {
  let now = 0
  const crowd = new Crowd<Caller>(limits, () => now)
  const callers = new WeakMap<object, Caller>()
  const timer = setInterval(() => {
    now += stepMs
    crowd.relieve()
  }, stepMs)
  timer.unref()
  server.on('connection', (socket: Socket) => {
    const caller = new Caller(socket, now, limits, (one) => crowd.pastHead(one))
    callers.set(socket, caller)
    socket.on('close', () => crowd.remove(caller))
    crowd.add(caller)
  })
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const caller = callers.get(request.socket)
    caller?.asks()
    response.once('close', () => caller?.answered(now))
  })
  server.prependListener('upgrade', (request: IncomingMessage) => callers.get(request.socket)?.asks())
  // Node would close it without a word.
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined)
    socket.end(encodeAnswer({ status: 405, text: 'this is no proxy' }))
    callers.get(socket)?.leave()
  })
  return {
    get size() {
      return crowd.size
    },
    know(socket) {
      const caller = callers.get(socket)
      if (caller) caller.isKnown = true
    },
    answered(request) {
      if (!request.complete) callers.get(request.socket)?.leave()
    },
    dismiss(socket) {
      const caller = callers.get(socket)
      caller?.answered(now)
      caller?.leave()
    },
    close: () => clearInterval(timer)
  }
}
