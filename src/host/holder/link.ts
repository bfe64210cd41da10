// A process that works through the holder of a workspace: its end of the socket. What arrives is looked at before birpc sees it, as at the
// other end (connect-shell.ts): an answer or an event; whoever sends anything else is no holder, and is left.
import { createBirpc } from 'birpc'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { CodedError, errorTable } from '../../contract/errors.ts'
import { isEventName, type HostEvent } from '../../contract/events.ts'
import { decodeWire, encodeWire } from '../../contract/wire.ts'
import type { Answer, HostSide, ShellSide } from '../../contract/wire.ts'
import { toFailure } from '../registry/failure.ts'
import { mostAnswered, mostAsked, readMessages, sendMessage } from './lines.ts'

export interface Link {
  /** Resolves always; HOST_LOST when the holder goes away meanwhile. */
  call(name: string, params: unknown, callId?: string): Promise<Answer<unknown>>
  /** Resolves when there is nobody at the other end any more. */
  readonly lost: Promise<void>
  close(): Promise<void>
}

const lostAnswer: Answer<unknown> = { ok: false, error: { code: 'HOST_LOST', message: errorTable.HOST_LOST } }

/** `take`: gets the holder's events, once they were asked for. */
export function linkTo(socket: Socket, take: (event: HostEvent) => void = () => undefined): Link {
  const pending = new Set<(answer: Answer<unknown>) => void>()
  let isLost = false
  let receive: (message: unknown) => unknown = () => undefined
  const host = createBirpc<HostSide, ShellSide>(
    { event: () => undefined },
    {
      post(text: string) {
        if (Buffer.byteLength(text) <= mostAsked) return sendMessage(socket, text)
        const message = `What is given takes more than ${mostAsked / 1024 ** 2} MB; the app that has the workspace open takes no more at once.`
        throw new CodedError('INPUT_TOO_LARGE', message)
      },
      on: (listener) => (receive = listener),
      serialize: encodeWire,
      timeout: -1
    }
  )
  const broken = (): void => void socket.destroy()
  const arrived = (text: string): void => {
    const message = parseMessage(text)
    if (message === null) return broken()
    if ('event' in message) return take(message.event)
    Promise.resolve(receive(message.answer)).catch(broken)
  }
  readMessages(socket, arrived, broken, mostAnswered)
  socket.on('error', broken)
  const lost = new Promise<void>((done) => {
    socket.on('close', () => {
      isLost = true
      for (const settled of [...pending]) settled(lostAnswer)
      done()
    })
  })
  return {
    lost,
    call: (name, params, callId = randomUUID()) =>
      new Promise((done) => {
        const settled = (answer: Answer<unknown>): void => {
          if (pending.delete(settled)) done(answer)
        }
        pending.add(settled)
        if (isLost) return settled(lostAnswer)
        host
          .call(name, params, callId)
          .then(settled, (error: unknown) => settled({ ok: false, error: toFailure(error, name, () => undefined) }))
      }),
    async close() {
      if (isLost) return
      socket.end()
      await lost
      host.$close()
    }
  }
}

type Message = { readonly event: HostEvent } | { readonly answer: object }

/** Null when it is none. */
function parseMessage(text: string): Message | null {
  let message: unknown
  try {
    message = decodeWire(text)
  } catch {
    return null
  }
  if (typeof message !== 'object' || message === null) return null
  const { t, i, m, a, r, e } = message as Readonly<Record<string, unknown>>
  if (t === 's' && typeof i === 'string')
    return isAnswer(r) || (r === undefined && e !== undefined) ? { answer: message } : null
  if (t !== 'q' || m !== 'event' || !Array.isArray(a)) return null
  const [name, data] = a as readonly unknown[]
  return isEventName(name) && typeof data === 'object' && data !== null ? { event: { name, data } as HostEvent } : null
}

function isAnswer(value: unknown): value is Answer<unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { ok, error } = value as { readonly ok?: unknown; readonly error?: unknown }
  if (ok === true) return true
  if (ok !== false || typeof error !== 'object' || error === null) return false
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return typeof code === 'string' && typeof message === 'string'
}
