// One shell (a page on its WebSocket, a window on Electron's IPC) and the host, over text. Whatever arrives is looked at before birpc sees it: it
// takes any object for a message, finds `constructor` among the functions, and rejects where nobody waits.
import { createBirpc } from 'birpc'
import { z } from 'zod'
import { decodeWire, encodeWire } from '../contract/wire.ts'
import type { HostSide, ShellSide } from '../contract/wire.ts'
import type { HostEvent } from '../contract/events.ts'
import type { LogMistake } from './ports/log.ts'
import type { Registry } from './registry/registry.ts'

/** Longer names and ids are nobody's. */
const word = z.string().min(1).max(200)
/** The one call of HostSide: name, params, and the id by which it can be cancelled (null where JSON had to write undefined). */
const call = z.object({
  t: z.literal('q'),
  m: z.literal('call'),
  i: word,
  a: z.tuple([z.string().max(200), z.unknown(), word.nullish()])
})

/** What a shell has of the host. */
export interface ShellHost extends Registry {
  /** Tells of what must not happen: in the log, and once of a kind in the app. Never throws. */
  readonly mistake: LogMistake
  /** Every event of the host, until the answer is called. */
  listen(receive: (event: HostEvent) => void): () => void
}

export interface ShellChannel {
  /** Sends. Nothing is sent to who is gone. */
  readonly post: (text: string) => void
  /** A message that is none; it was dropped. */
  readonly broken: () => void
}

export interface ConnectedShell {
  /** Takes a message as it came. Never throws. */
  receive(text: unknown): void
  close(): void
}

export function connectShell(host: ShellHost, channel: ShellChannel): ConnectedShell {
  let receive: (message: unknown) => unknown = () => undefined
  const shell = createBirpc<ShellSide, HostSide>(
    { call: (name, params, callId) => host.call(name, params, callId ?? undefined) },
    {
      post: (text: string) => channel.post(text),
      on: (listener) => (receive = listener),
      serialize: encodeWire,
      eventNames: ['event'],
      // What arrives was looked at: this is an answer or an event that cannot be sent.
      onGeneralError: (error) => {
        host.mistake('wire', error)
        return true
      }
    }
  )
  const stop = host.listen(({ name, data }) => {
    shell.event(name, data).catch((error: unknown) => host.mistake(`wire ${name}`, error))
  })
  return {
    receive(text) {
      const message = parseMessage(text)
      if (message === 'broken') channel.broken()
      else if (message !== null)
        Promise.resolve(receive(message)).catch((error: unknown) => host.mistake('wire', error))
    },
    close() {
      stop()
      shell.$close()
    }
  }
}

/** Null for an answer: the host asks nothing of a shell, so nobody waits for it. */
function parseMessage(text: unknown): z.output<typeof call> | null | 'broken' {
  try {
    const message = decodeWire(text)
    const parsed = call.safeParse(message)
    if (parsed.success) return parsed.data
    return z.object({ t: z.literal('s'), i: word }).safeParse(message).success ? null : 'broken'
  } catch {
    return 'broken'
  }
}
