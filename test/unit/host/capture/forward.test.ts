// Posts sent on to a second listener: all of them, byte for byte; and MISP never waits for that listener.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Forwarder } from '../../../../src/host/capture/listen/forward.ts'
import { sendPost } from '../../../../src/host/capture/listen/send.ts'
import { CaptureService } from '../../../../src/host/capture/service.ts'

let folder: string
let first: CaptureService
let second: CaptureService | null = null
let forwarder: Forwarder | null = null
let silent: Server | null = null

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'retrace-forward-'))
  first = await CaptureService.open(join(folder, 'first'))
})
afterEach(async () => {
  await forwarder?.stop()
  await first.close()
  await second?.close()
  silent?.close()
  ;[second, forwarder, silent] = [null, null, null]
  rmSync(folder, { recursive: true })
})

async function listening(url: string): Promise<number> {
  const listener = await first.listen({
    port: 0,
    onEvent: (event) => event.type === 'post' && forwarder?.notify(event.post.seq)
  })
  forwarder = await Forwarder.start(first.reader, url, 0, { timeoutMs: 300, retryMs: 10 })
  return listener.address.port
}

const post = (port: number, target: string, body: Buffer): Promise<number> =>
  sendPost(
    { host: '127.0.0.1', port, path: '', authorization: null },
    { meta: { at: 0, source: '', method: 'POST', target, headers: [] }, body }
  )

const until = async (isDone: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !isDone(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('posts sent on', () => {
  it('arrive at the second listener in order, byte for byte', async () => {
    second = await CaptureService.open(join(folder, 'second'))
    const target = await second.listen({ port: 0 })
    const port = await listening(`http://127.0.0.1:${target.address.port}`)
    const bodies = ['{"a":1}', '', 'é "x"', Buffer.from([0xff, 0, 1]), Buffer.alloc(300_000, 'z')].map((one) =>
      Buffer.from(one)
    )
    for (const [i, body] of bodies.entries())
      expect(await post(port, `/event-publish/exec/m${i}?result=error&message=a "b" é`, body)).toBe(200)
    await until(() => forwarder!.state.sent === bodies.length)
    expect(forwarder!.state).toMatchObject({ sent: bodies.length, failed: 0, skipped: 0, behind: 0 })
    for (const [i, body] of bodies.entries()) {
      const mine = (await first.reader.read(i + 1))!
      const theirs = (await second.reader.read(i + 1))!
      expect(theirs.meta.target).toBe(mine.meta.target)
      expect(theirs.body.equals(body)).toBe(true)
    }
  })

  it('never delay the answer when the second listener is silent, and what it missed is told', async () => {
    const sockets: Socket[] = []
    silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)))
    await new Promise<void>((resolve) => silent!.listen(0, '127.0.0.1', resolve))
    const port = await listening(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`)
    for (let i = 0; i < 5; i++)
      expect(await post(port, '/event-publish/init?type=blocking', Buffer.from('{}'))).toBe(200)
    // Five answers were there before the first attempt at sending on had ended.
    expect(forwarder!.state.sent + forwarder!.state.failed).toBe(0)
    expect(forwarder!.state.behind).toBe(5)
    await until(() => forwarder!.state.failed > 0)
    expect(forwarder!.state).toMatchObject({ sent: 0 })
    expect(forwarder!.state.problem).toContain('does not respond')
    for (const socket of sockets) socket.destroy()
  })

  it('tell that nobody listens there', async () => {
    const port = await listening('http://127.0.0.1:1')
    expect(await post(port, '/event-publish/init?type=blocking', Buffer.from('{}'))).toBe(200)
    await until(() => forwarder!.state.failed === 1)
    expect(forwarder!.state).toMatchObject({ sent: 0, failed: 1, behind: 0 })
    expect(forwarder!.state.problem).not.toBeNull()
  })
})
