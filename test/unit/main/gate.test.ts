// The IPC gate against a stand-in for Electron: the same operations, the sender checked.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBirpc } from 'birpc'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeWire, encodeWire, ipcChannel } from '../../../src/contract/wire.ts'
import type { HostSide, ShellSide } from '../../../src/contract/wire.ts'
import { createHost } from '../../../src/host/host.ts'
import type { Host } from '../../../src/host/host.ts'
import { setupGate, setupUploads } from '../../../src/main/gate.ts'
import type { GateIpc, GateMessage, UploadIpc } from '../../../src/main/gate.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()
let host: Host

beforeEach(async () => {
  host = await createHost({ workspace: folder(), shell: 'desktop', version: '0', workerUrl: null })
})
afterEach(() => host.close())

/** ipcMain and one window. */
function standIn() {
  const listeners: ((event: GateMessage, text: unknown) => void)[] = []
  const ipc: GateIpc = { on: (channel, listener) => (channel === ipcChannel ? listeners.push(listener) : 0) }
  const received: string[] = []
  let receive: (text: string) => void = (text) => void received.push(text)
  const mainFrame = { url: 'app://retrace/runs' }
  let destroyed: () => void = () => undefined
  let gone = false
  const sender = {
    id: 1,
    mainFrame,
    send: (_channel: string, text: string) => receive(text),
    isDestroyed: () => gone,
    once: (_event: 'destroyed', listener: () => void) => (destroyed = listener)
  }
  return {
    ipc,
    received,
    say: (text: unknown, frame: GateMessage['senderFrame'] = mainFrame) =>
      listeners.forEach((listener) => listener({ sender, senderFrame: frame }, text)),
    onText: (listener: (text: string) => void) => (receive = listener),
    destroy: () => {
      gone = true
      destroyed()
    }
  }
}

describe('the IPC gate', () => {
  it('answers the window over the same wire as the WebSocket', async () => {
    const window = standIn()
    setupGate(window.ipc, host, 'app://retrace')
    const events: string[] = []
    const client = createBirpc<HostSide, ShellSide>(
      { event: (name) => void events.push(name) },
      {
        post: (text: string) => window.say(text),
        on: (listener) => window.onText(listener),
        serialize: encodeWire,
        deserialize: decodeWire
      }
    )
    expect(await client.call('app.info', {})).toMatchObject({ ok: true, data: { shell: 'desktop' } })
    expect(await client.call('workspace.set', { settings: { 'MISP.host_org_id': 2 } })).toEqual({
      ok: true,
      data: { 'MISP.host_org_id': 2 }
    })
    expect(events).toContain('workspace.changed')
  })

  it('gives no answer to frames, other pages and other messages', async () => {
    const window = standIn()
    setupGate(window.ipc, host, 'app://retrace')
    const call = encodeWire({ t: 'q', i: '1', m: 'call', a: ['app.info', {}] })
    window.say(call, { url: 'app://retrace/frame' })
    window.say(call, null)
    window.say({ t: 'q' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(window.received).toEqual([])
  })

  it('gives no answer to a page of another origin in the top frame', async () => {
    const window = standIn()
    setupGate(window.ipc, host, 'app://retrace.example')
    window.say(encodeWire({ t: 'q', i: '1', m: 'call', a: ['app.info', {}] }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(window.received).toEqual([])
  })

  it('stops sending events to a window that is gone', async () => {
    const window = standIn()
    setupGate(window.ipc, host, 'app://retrace')
    window.say(encodeWire({ t: 'q', i: '1', m: 'call', a: ['app.info', {}] }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const before = window.received.length
    window.destroy()
    await host.call('workspace.set', { settings: { theme: 'light' } })
    expect(window.received.length).toBe(before)
  })

  it('takes a file over by its path, and only for our own pages', async () => {
    const file = join(folder(), 'event.json')
    writeFileSync(file, '{"Event":{"info":"From a file"}}')
    let take: Parameters<UploadIpc['handle']>[1] = () => Promise.reject(new Error('not set up'))
    setupUploads({ handle: (channel, answer) => ((take = answer), channel) }, host, 'app://retrace')
    const mainFrame = { url: 'app://retrace/' }
    const sender = { id: 1, mainFrame } as unknown as GateMessage['sender']
    const answer = await take({ sender, senderFrame: mainFrame }, file)
    expect(answer.ok).toBe(true)
    const uploadId = answer.ok ? answer.data.uploadId : ''
    expect(await host.call('data.import', { name: 'event.json', uploadId })).toMatchObject({
      ok: true,
      data: { events: [{ info: 'From a file' }] }
    })
    // It was copied, not moved.
    expect(existsSync(file)).toBe(true)
    expect(await take({ sender, senderFrame: { url: 'https://evil.example/' } }, file)).toMatchObject({ ok: false })
    expect(await take({ sender, senderFrame: mainFrame }, join(folder(), 'none'))).toMatchObject({
      error: { code: 'FILE_NOT_FOUND' }
    })
  })

  it('answers the files that the app was started with once', async () => {
    const file = join(folder(), 'event.json')
    writeFileSync(file, '{"Event":{}}')
    host.opened.add([file])
    const content = { text: '{"Event":{}}' }
    expect(await host.call('app.openedFiles', {})).toEqual({
      ok: true,
      data: { files: [{ name: 'event.json', head: content.text, content }], failed: [] }
    })
    expect(await host.call('app.openedFiles', {})).toEqual({ ok: true, data: { files: [], failed: [] } })
  })
})
