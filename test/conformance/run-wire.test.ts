// What our engine sends in recorded runs, sent by the live adapters to stand-ins of this machine: what arrives is what MISP sent. Bodies are
// compared by a hash of their JSON with sorted keys.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Subscriber } from 'zeromq'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Effect } from '../../src/contract/run.ts'
import { normaliseValue } from '../../src/engine/php/decode.ts'
import { performHttp } from '../../src/host/ports/http.ts'
import { queryModules } from '../../src/host/ports/misp-modules.ts'
import { ZmqPublisher } from '../../src/host/ports/zmq.ts'
import { eventsOf } from './adapter.ts'
import type { RunCase } from './adapter.ts'
import { comparableHttp } from './comparable.ts'
import type { Moved } from './surroundings.ts'
import { targetOf } from './surroundings.ts'
import { anywhere } from '../unit/host/ports/anywhere.ts'

interface Sent {
  /** Method, path, query, headers and body of each request. */
  readonly http: readonly string[]
  /** Topic and message. */
  readonly zmq: readonly string[]
  /** Bodies of queries to misp-modules, but those of templates: these are rendered here. */
  readonly queries: readonly string[]
}
const read = (file: URL | string): unknown => JSON.parse(readFileSync(file, 'utf8'))
const { shared, cases, ...around } = read(new URL('./fixtures/runs.json', import.meta.url)) as {
  readonly shared: readonly Json[]
  readonly cases: readonly (JsonMap & { readonly id: string })[]
}
const expected = read(new URL('./fixtures/run-wire.json', import.meta.url)) as { readonly [id: string]: Sent }

const sorted = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)])
  )
}
const hash = (value: Json): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16)

/** A request as MISP's recorder or our stand-in saw it, in one line. */
export function lineOf(request: JsonMap): string {
  const { method, path, query, headers, body, body_raw } = comparableHttp(request)
  const { host: _host, ...others } = headers as JsonMap
  return `${String(method)} ${String(path)}?${String(query)} ${JSON.stringify(sorted(others))} ${hash(body ?? body_raw ?? '')}`
}

const arrived: JsonMap[] = []
const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  request.on('end', () => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const raw = request.rawHeaders
    const headers = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : [])) as unknown as Json
    arrived.push({ method: request.method ?? '', path, query, headers, ...bodyOf(text) })
    response.end('{}')
  })
})

function bodyOf(text: string): JsonMap {
  try {
    return { body: JSON.parse(text) as Json }
  } catch {
    return { body_raw: text }
  }
}

const publisher = new ZmqPublisher()
const subscriber = new Subscriber({ reconnectInterval: 50 })
let origin = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  publisher.close()
  subscriber.close()
})

const zmq = { host: '127.0.0.1', port: 0 }
async function published(effect: Extract<Effect, { kind: 'zmq' }>): Promise<string> {
  if (zmq.port === 0) {
    const free = createServer()
    zmq.port = await new Promise<number>((resolve) =>
      free.listen(0, '127.0.0.1', () => resolve((free.address() as AddressInfo).port))
    )
    await new Promise((resolve) => free.close(resolve))
    subscriber.connect(`tcp://127.0.0.1:${zmq.port}`)
    subscriber.subscribe()
  }
  expect(await publisher.push(effect, zmq)).toEqual({ sent: true })
  const frame = (await subscriber.receive()).map((part) => part.toString('utf8')).join('')
  const space = frame.indexOf(' ')
  // The recorder had PHP decode the message, which makes `{}` a list.
  return `mispq:data:${frame.slice(0, space)} ${hash(normaliseValue(JSON.parse(frame.slice(space + 1)) as Json))}`
}

/** What of the effects of a run arrives where. Requests to others than the recorder's server were seen by nobody. */
async function send(effects: readonly Effect[], moved: Moved): Promise<Sent> {
  const sent = { http: [] as string[], zmq: [] as string[], queries: [] as string[] }
  for (const effect of effects) {
    if (effect.kind === 'zmq') sent.zmq.push(await published(effect))
    else if (effect.kind === 'misp-modules') {
      await queryModules(effect, origin)
      const { method, path, body } = arrived.at(-1) as JsonMap
      expect([method, path]).toEqual(['POST', '/query'])
      sent.queries.push(hash(body as Json))
    } else if (effect.kind === 'http') {
      const { host, path, query } = targetOf(effect.url, moved)
      if (host !== '127.0.0.1:27051') continue
      const status = await performHttp(
        { ...effect, url: `${origin}${path}${query === '' ? '' : `?${query}`}` },
        { guard: anywhere, timeoutSeconds: 5 }
      )
      expect(status).toMatchObject({ status: 200 })
      sent.http.push(lineOf(arrived.at(-1) as JsonMap))
    }
  }
  return { http: sent.http.sort(), zmq: sent.zmq.sort(), queries: sent.queries.sort() }
}

/** "(shared N)" put back. */
const filled = (value: Json): Json => {
  const found = typeof value === 'string' ? /^\(shared (\d+)\)$/.exec(value) : null
  return found ? (shared[Number(found[1])] as Json) : value
}

describe('requests of recorded runs on the wire', () => {
  it.each(cases.filter(({ id }) => Object.hasOwn(expected, id)).map((one) => [one.id, one] as const))(
    '%s',
    async (id, input) => {
      const given = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, filled(value as Json)]))
      const run = { ...given, ...around, now: '2024-10-21T12:00:00+00:00' } as unknown as RunCase
      const events = eventsOf(run)
      const effects = events.flatMap((event) => (event.type === 'effect' ? [event.data.effect] : []))
      expect(await send(effects, run)).toEqual(expected[id])
    }
  )
})
