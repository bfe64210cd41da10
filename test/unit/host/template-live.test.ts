import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Result } from '../../../src/contract/operations.ts'
import { createHost } from '../../../src/host/host.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A stand-in for misp-modules; `status` and `reply` as they go out. */
async function service(status: number, reply: string) {
  const seen: { readonly method: string; readonly path: string; readonly body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      seen.push({ method: request.method ?? '', path: request.url ?? '', body })
      response.writeHead(status, { 'Content-Type': 'text/html; charset=UTF-8' }).end(reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close()
  )
  return { port: (server.address() as AddressInfo).port, seen }
}

async function hostWith(url: string | null) {
  const host = await createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
  closing.unshift(() => host.close())
  if (url !== null) await host.call('live.configure', { mispModules: { url } })
  return host
}

const rendered = (text: unknown): string => JSON.stringify({ results: [{ types: ['text'], values: [text] }] })
const template = 'Hi {{ Event.info }}/é'
const data = { json: { Event: { info: 'phish', Tag: {} } } }

async function ask(status: number, reply: string): Promise<Result<'template.renderLive'>> {
  const { port } = await service(status, reply)
  const answer = await (await hostWith(`http://127.0.0.1:${port}/`)).call('template.renderLive', { template, data })
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.data as Result<'template.renderLive'>
}

describe('a template at a misp-modules service', () => {
  it('is sent as MISP sends it, and compared', async () => {
    const { port, seen } = await service(200, rendered('Hi phish/é'))
    const host = await hostWith(`http://127.0.0.1:${port}`)
    await host.call('template.render', { template, data })
    expect(seen).toEqual([])
    const answer = await host.call('template.renderLive', { template, data })
    expect(answer).toEqual({ ok: true, data: { text: 'Hi phish/é', characters: 10, same: true } })
    const text = '{"template":"Hi {{ Event.info }}/é","data":{"Event":{"info":"phish","Tag":[]}}}'
    expect(seen).toEqual([
      { method: 'POST', path: '/query', body: JSON.stringify({ module: 'jinja_template_rendering', text }) }
    ])
  })

  it('tells another text, read as PHP reads it', async () => {
    expect(await ask(200, rendered('Hi there'))).toEqual({ text: 'Hi there', characters: 8, same: false })
    expect(await ask(200, rendered(5))).toEqual({ text: '5', characters: 1, same: false })
    expect(await ask(200, JSON.stringify({ results: [{ values: 'word' }] }))).toMatchObject({ text: 'w' })
  })

  it('tells an error of the service, and what MISP makes of it', async () => {
    expect(await ask(200, '{"error":"Timeout."}')).toEqual({
      error: expect.stringMatching(/“Timeout\.”; MISP uses an empty text/) as string
    })
    for (const [status, reply] of [
      [200, 'false'],
      [200, '<html>'],
      [500, rendered('x')],
      [200, '{}']
    ] as const)
      expect(await ask(status, reply)).toEqual({ error: expect.stringMatching(/TypeError/) as string })
  })

  it('tells a service that is not there', async () => {
    const host = await hostWith('http://127.0.0.1:1')
    const answer = await host.call('template.renderLive', { template, data })
    expect(answer).toMatchObject({ ok: true, data: { error: expect.stringMatching(/does not respond/) as string } })
  })

  it('is refused where no service is set, and goes where MISP’s settings name one', async () => {
    const host = await hostWith(null)
    const refused = await host.call('template.renderLive', { template, data })
    expect(refused.ok ? null : refused.error.code).toBe('SERVICE_NOT_SET')
    const { port } = await service(200, rendered('Hi phish/é'))
    const settings = { 'Plugin.Enrichment_services_url': 'http://127.0.0.1', 'Plugin.Enrichment_services_port': port }
    await host.call('workspace.set', { settings })
    expect(await host.call('template.renderLive', { template, data })).toMatchObject({ ok: true, data: { same: true } })
  })
})
