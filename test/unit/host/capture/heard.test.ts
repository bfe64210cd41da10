// What the card "Connect your MISP" knows: who posted when, after a restart too; and the port to take where the wanted one is taken.
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CaptureStatus } from '../../../../src/contract/workspace.ts'
import { createHost } from '../../../../src/host/host.ts'
import type { Host } from '../../../../src/host/host.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const open = (workspace: string): Promise<Host> =>
  createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null, listen: true, capturePort: 0 })
const statusOf = async (host: Host): Promise<CaptureStatus> =>
  ((await host.call('capture.status', {})) as { data: CaptureStatus }).data

/** As MISP does: a browser's `fetch` is refused. */
const post = (url: string | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}/event-publish/init?type=blocking`, { method: 'POST' }, (answer) =>
      answer.resume().on('end', () => resolve())
    )
    sent.on('error', reject).end('{"a":1}')
  })

describe('the listener', () => {
  it('knows after a restart which source posted when, and leaves what a newer Retrace wrote', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { url } = await statusOf(host)
    await post(url)
    await host.close()
    const again = await open(workspace)
    const status = await statusOf(again)
    expect(status.lastPostAt).toBeNull()
    expect(status.heard).toMatchObject([{ posts: 1, at: expect.stringMatching(/^\d{4}-/) as string }])
    await again.close()
    const file = join(workspace, 'capture', 'heard.json')
    const newer = readFileSync(file, 'utf8').replace('"version":1', '"version":99')
    writeFileSync(file, newer)
    const third = await open(workspace)
    await post((await statusOf(third)).url)
    await third.close()
    expect(readFileSync(file, 'utf8')).toBe(newer)
  })

  it('names the next free port when its own is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const host = await open(folder())
    await host.call('capture.configure', { port })
    const status = await statusOf(host)
    expect(status).toMatchObject({ state: 'failed', message: expect.stringContaining('in use') as string })
    expect(status.freePort).toBeGreaterThan(port)
    const moved = await host.call('capture.configure', { port: status.freePort ?? 0 })
    expect(moved).toMatchObject({ ok: true, data: { state: 'listening', freePort: null } })
    await host.close()
    taken.close()
  })
})
