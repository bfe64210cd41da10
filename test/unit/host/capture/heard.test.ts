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
import { guard } from '../samples.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const open = (workspace: string): Promise<Host> =>
  createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null, listen: true, listener: { port: 0 } })
const statusOf = async (host: Host): Promise<CaptureStatus> =>
  ((await host.call('capture.status', {})) as { data: CaptureStatus }).data

/** As MISP does: a browser's `fetch` is refused. */
const post = (url: string | null, path = 'event-publish/init?type=blocking'): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}/${path}`, { method: 'POST' }, (answer) => answer.resume().on('end', () => resolve()))
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

  it('F11: counts the workflows in debug mode by their posts, of now and of earlier, and those that are saved so', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { url, debug } = await statusOf(host)
    expect(debug).toEqual({ posted: [], saved: [] })
    const debugged = { Workflow: { ...(guard as { Workflow: object }).Workflow, debug_enabled: true } }
    await host.call('workflows.save', { workflow: debugged as never, note: '' })
    for (const path of ['event-publish/init', 'event-publish/exec/tag-if?result=success', 'prod/event-after-save/init'])
      await post(url, path)
    // Nobody's workflow: no debug post, and no name that MISP gives a trigger.
    for (const path of ['anything', `${encodeURIComponent('<b>')}/init`]) await post(url, path)
    const waiting = async (): Promise<CaptureStatus> => {
      for (;;) {
        const status = await statusOf(host)
        if (status.posts === 5 && status.debug.posted.length === 2) return status
        await new Promise((resolve) => host.listen(resolve))
      }
    }
    const now = (await waiting()).debug
    expect(now.posted.map(({ source, trigger, isNew }) => [source, trigger, isNew]).sort()).toEqual([
      ['default', 'event-publish', true],
      ['prod', 'event-after-save', true]
    ])
    expect(now.saved).toEqual(['event-publish'])
    await host.close()
    const again = await open(workspace)
    const { debug: later } = await statusOf(again)
    expect(later.posted.map(({ trigger, isNew }) => [trigger, isNew]).sort()).toEqual([
      ['event-after-save', false],
      ['event-publish', false]
    ])
    await again.close()
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
