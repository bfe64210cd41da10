// The requests that MISP's modules sent when they were recorded, sent by the live adapter to a server of this machine: what arrives is what
// MISP sent, but for what the transport adds.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { performHttp } from '../../src/host/ports/http.ts'
import { comparableHttp } from './comparable.ts'
import { anywhere } from '../unit/host/ports/anywhere.ts'

interface Case {
  readonly id: string
  readonly expected: { readonly http?: readonly JsonMap[] }
}
const fixture = new URL('./fixtures/modules.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { readonly cases: readonly Case[] }
const sending = cases.filter(({ expected }) => (expected.http ?? []).length > 0)

const arrived: JsonMap[] = []
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    const [path, query = ''] = (request.url ?? '').split('?')
    const raw = request.rawHeaders
    const headers = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []))
    arrived.push({ method: request.method ?? '', path: path ?? '', query, headers: headers as Json, body_raw: body })
    response.end()
  })
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())))
afterAll(() => server.close())

const withoutHost = ({ headers, ...rest }: JsonMap): JsonMap => {
  const { host: _host, ...others } = headers as JsonMap
  return { ...rest, headers: others }
}

describe('requests on the wire', () => {
  it.each(sending.map((one) => [one.id, one] as const))('%s', async (_id, { expected }) => {
    for (const recorded of expected.http ?? []) {
      const { method, path, query, headers, body, body_raw: raw } = recorded
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      // The fixture's stand-ins are texts as good as any other here; an effect has curl's dashes before its boundary.
      const dashed = (text: string): string => text.replaceAll('BOUNDARY', `${'-'.repeat(24)}BOUNDARY`)
      const sent = dashed(body === undefined ? String(raw ?? '') : JSON.stringify(body))
      const wanted = Object.entries(headers as Record<string, string>)
        .filter(([name]) => name !== 'host')
        .map(([name, value]) => [name, dashed(value)] as const)
      const url = `${origin}${String(path)}${query === '' ? '' : `?${String(query)}`}`
      const effect = { kind: 'http', method: String(method), url, headers: wanted, body: sent } as const
      expect(await performHttp(effect, { guard: anywhere, timeoutSeconds: 5 })).toMatchObject({ status: 200 })
      const want = { method, path, query, headers: wanted, body_raw: sent } as unknown as JsonMap
      const got = withoutHost(comparableHttp(arrived.at(-1) as JsonMap))
      expect(got).toEqual(withoutHost(comparableHttp(want)))
    }
  })
})
