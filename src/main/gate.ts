// The IPC gate: one channel of text per window, the same birpc as over the WebSocket. Only the top frame of a page that we served is listened
// to; a frame or a page from elsewhere gets no answer.
import { createBirpc } from 'birpc'
import { CodedError } from '../contract/errors.ts'
import { decodeWire, encodeWire, ipcChannel, uploadChannel } from '../contract/wire.ts'
import type { Answer, HostSide, ShellSide } from '../contract/wire.ts'
import type { Host } from '../host/host.ts'

/** What the gate needs of Electron; tests stand in for it. */
export interface GateWindow {
  readonly id: number
  send(channel: string, text: string): void
  isDestroyed(): boolean
  once(event: 'destroyed', listener: () => void): unknown
}
export interface GateMessage {
  readonly sender: GateWindow & { readonly mainFrame: unknown }
  readonly senderFrame: { readonly url: string } | null
}
export interface GateIpc {
  on(channel: string, listener: (event: GateMessage, text: unknown) => void): unknown
}

interface Connection {
  receive(text: string): void
}

/** `origin`: that of our pages, `app://retrace`. */
export function setupGate(ipc: GateIpc, host: Host, origin: string): void {
  const connections = new Map<number, Connection>()
  ipc.on(ipcChannel, (event, text) => {
    if (!isOurs(event, origin) || typeof text !== 'string') return
    let connection = connections.get(event.sender.id)
    if (!connection) {
      connection = connect(event.sender, host, () => connections.delete(event.sender.id))
      connections.set(event.sender.id, connection)
    }
    connection.receive(text)
  })
}

/** What taking a file over needs of Electron. */
export interface UploadIpc {
  handle(channel: string, answer: (event: GateMessage, path: unknown) => Promise<Answer<{ uploadId: string }>>): unknown
}

/**
 * Files that a person picked or dropped. Their path comes from preload, which has it of the file itself; the page never names one. The file
 * is copied, never moved.
 */
export function setupUploads(ipc: UploadIpc, host: Pick<Host, 'uploads'>, origin: string): void {
  ipc.handle(uploadChannel, async (event, path) => {
    if (!isOurs(event, origin) || typeof path !== 'string' || path === '')
      return { ok: false, error: { code: 'ACCESS_DENIED', message: 'The file was not taken.' } }
    try {
      return { ok: true, data: { uploadId: await host.uploads.take(path) } }
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      return { ok: false, error: { code: error.code, message: error.message } }
    }
  })
}

function isOurs({ sender, senderFrame }: GateMessage, origin: string): boolean {
  if (senderFrame === null || senderFrame !== sender.mainFrame) return false
  return senderFrame.url === origin || senderFrame.url.startsWith(`${origin}/`)
}

function connect(window: GateWindow, host: Host, gone: () => void): Connection {
  let receive: (text: string) => void = () => undefined
  const shell = createBirpc<ShellSide, HostSide>(
    { call: (name, params, callId) => host.call(name, params, callId) },
    {
      post: (text: string) => {
        if (!window.isDestroyed()) window.send(ipcChannel, text)
      },
      on: (listener) => (receive = listener),
      serialize: encodeWire,
      deserialize: decodeWire,
      eventNames: ['event'],
      // A broken message of a window concerns nobody else.
      onGeneralError: () => true
    }
  )
  const stop = host.listen(({ name, data }) => void shell.event(name, data))
  window.once('destroyed', () => {
    stop()
    shell.$close()
    gone()
  })
  return { receive: (text) => receive(text) }
}
