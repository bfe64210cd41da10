// How shells and host talk: birpc over text. One codec for both wires (Electron IPC and WebSocket).
import type { ErrorCode } from './errors.ts'
import type { EventMap, EventName } from './events.ts'
import { nestsDeeper } from './json-depth.ts'

export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: { readonly [key: string]: unknown }
}

/** Every operation settles as one of these; nothing throws across a wire. */
export type Answer<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: Failure }

/** What the host offers to a shell. */
export interface HostSide {
  /** `callId`: by which `calls.cancel` ends it while it is under way, and under which its progress is told. */
  call(name: string, params: unknown, callId?: string): Promise<Answer<unknown>>
}

/** What a shell offers to the host. */
export interface ShellSide {
  event<N extends EventName>(name: N, data: EventMap[N]): void
}

/** Of a message: far more than any operation takes, far less than what takes seconds to parse. */
export const mostWireLevels = 20_000

export const encodeWire = (message: unknown): string => JSON.stringify(message)
export const decodeWire = (text: unknown): unknown => {
  if (typeof text !== 'string') throw new TypeError('a message on the wire is text')
  if (nestsDeeper(text, mostWireLevels)) throw new RangeError(`a message nests deeper than ${mostWireLevels} levels`)
  return JSON.parse(text) as unknown
}

/** What preload exposes: the text wire of one window, and what only a desktop can do. */
export interface DesktopBridge {
  post(text: string): void
  /** Returns a function that stops listening. */
  listen(receive: (text: string) => void): () => void
  /** Commands of the native menu, by the names that the page gives them. */
  onCommand?(receive: (name: string) => void): () => void
  readonly platform: string
  /** Hands a dropped or picked file to the host without copying it through the window. */
  upload(file: unknown): Promise<Answer<{ readonly uploadId: string }>>
}

export const bridgeKey = 'retrace'
/** Electron's IPC channel, both ways. */
export const ipcChannel = 'retrace:wire'
/** Electron's IPC channel for files. */
export const uploadChannel = 'retrace:upload'
/** WebSocket subprotocol; the token comes as a second one, `token.<token>`, because a browser cannot set headers there. */
export const socketProtocol = 'retrace.1'
/** Where the browser host takes the WebSocket. */
export const socketPath = '/socket'
