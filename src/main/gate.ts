// The IPC gate: one channel of text per window, the same birpc as over the WebSocket. Only the top frame of a page that we served is listened
// to; a frame or a page from elsewhere gets no answer.
import { ipcChannel, uploadChannel } from '../contract/wire.ts'
import type { Answer } from '../contract/wire.ts'
import { connectShell } from '../host/connect-shell.ts'
import type { ConnectedShell } from '../host/connect-shell.ts'
import type { AppHost } from '../host/host.ts'
import { toFailure } from '../host/registry/failure.ts'

/** What the gate needs of Electron; tests stand in for it. */
interface GateWindow {
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

/** `origin`: that of our pages, `app://retrace`. */
export function setupGate(ipc: GateIpc, host: AppHost, origin: string): void {
  const connections = new Map<number, ConnectedShell>()
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
export function setupUploads(ipc: UploadIpc, host: Pick<AppHost, 'uploads' | 'mistake'>, origin: string): void {
  ipc.handle(uploadChannel, async (event, path) => {
    if (!isOurs(event, origin) || typeof path !== 'string' || path === '')
      return { ok: false, error: { code: 'ACCESS_DENIED', message: 'The file was not accepted.' } }
    try {
      return { ok: true, data: { uploadId: await host.uploads.take(path) } }
    } catch (error) {
      return { ok: false, error: toFailure(error, 'upload', host.mistake) }
    }
  })
}

function isOurs({ sender, senderFrame }: GateMessage, origin: string): boolean {
  if (senderFrame === null || senderFrame !== sender.mainFrame) return false
  return senderFrame.url === origin || senderFrame.url.startsWith(`${origin}/`)
}

function connect(window: GateWindow, host: AppHost, gone: () => void): ConnectedShell {
  const shell = connectShell(host, {
    post: (text) => {
      if (!window.isDestroyed()) window.send(ipcChannel, text)
    },
    // It concerns nobody else, and a window has but this one channel.
    broken: () => undefined
  })
  window.once('destroyed', () => {
    shell.close()
    gone()
  })
  return shell
}
