import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { OperationName, Params, Result } from '../../../../src/contract/operations.ts'
import { createHost } from '../../../../src/host/host.ts'
import { listModulesOf, queryModules, testModules } from '../../../../src/host/ports/misp-modules.ts'
import { eventOf, workflowOf } from '../samples.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Call {
  readonly id: string
  readonly request: JsonMap
  readonly reply: { readonly status: number; readonly json?: Json; readonly body?: string }
}

const shared = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'vectors', 'misp-modules')
const recorded = (name: string): Json => JSON.parse(readFileSync(join(shared, `${name}.json`), 'utf8')) as Json

/** A stand-in for the service: HTML as content type, status 200 for nearly everything, as the real one. */
async function service(answer: (path: string, body: string, response: ServerResponse) => void) {
  const seen: { readonly request: IncomingMessage; readonly body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      seen.push({ request, body })
      response.setHeader('Content-Type', 'text/html; charset=UTF-8')
      answer(request.url ?? '', body, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close()
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const query = (body: JsonMap, timeoutSeconds = 5) =>
  ({ kind: 'misp-modules', family: 'Enrichment', body, timeoutSeconds }) as const
const dns = {
  name: 'dns',
  type: 'expansion',
  mispattributes: { input: ['ip-dst'] },
  meta: { 'module-type': ['expansion', 'hover'] }
}

describe('a live misp-modules service', () => {
  it.runIf(existsSync(shared))('gets the bodies that MISP sends, and its replies come back as they are', async () => {
    // An empty map of PHP goes out as a list.
    const calls = recorded('expansions') as unknown as Call[]
    const { url, seen } = await service((_path, body, response) => {
      const call = calls.find(({ request }) => JSON.stringify(request).replaceAll('{}', '[]') === body)
      response
        .writeHead(call?.reply.status ?? 404)
        .end(call ? (call.reply.body ?? JSON.stringify(call.reply.json)) : '')
    })
    for (const { id, request, reply } of calls) {
      const answer = await queryModules(query(request), url)
      expect(answer, id).toMatchObject({ status: reply.status })
      if (reply.json !== undefined) expect(JSON.parse((answer as { body: string }).body), id).toEqual(reply.json)
    }
    expect(seen[0]?.request.headers).toMatchObject({ accept: '*/*', 'content-type': 'application/json' })
    expect(seen[0]?.request.headers['user-agent']).toBeUndefined()
  })

  it('lists its modules within a second, or is unreachable', async () => {
    const { url } = await service((path, _body, response) =>
      response.end(path === '/modules' ? JSON.stringify([dns]) : '{"status":true}')
    )
    expect(await listModulesOf(url)).toEqual([dns])
    expect(await testModules(url)).toEqual({ ok: true, message: `1 module at ${url}.` })
    const silent = await service(() => undefined)
    expect(await listModulesOf(silent.url)).toBeNull()
    const broken = await service((_path, _body, response) => response.end('<html>'))
    expect(await listModulesOf(broken.url)).toBeNull()
  })

  it('tells a timeout, and a service that is not there', async () => {
    const { url } = await service(() => undefined)
    expect(await queryModules(query({ module: 'dns' }, 0.2), url)).toMatchObject({ failure: 'timeout' })
    expect(await queryModules(query({ module: 'dns' }), 'http://127.0.0.1:1')).toMatchObject({ failure: 'refused' })
  })

  it.each([
    ['results', 200, '{"results":[{"types":["text"],"values":["AS1"]}]}', 'success'],
    ['an error, which is stored as an enrichment', 200, '{"error":"no data"}', 'success'],
    ['no JSON', 200, '<html>', 'aborted'],
    ['status 500', 500, '{"results":[]}', 'aborted'],
    ['false', 200, 'false', 'aborted']
  ])('is asked by a live run; a reply with %s ends as in MISP', async (_name, status, reply, outcome) => {
    const { url, seen } = await service((path, _body, response) =>
      path === '/modules' ? response.end(JSON.stringify([dns])) : response.writeHead(status).end(reply)
    )
    const host = await createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
    closing.unshift(() => host.close())
    const ask = async <N extends OperationName>(name: N, params: Params<N>): Promise<Result<N>> => {
      const answer = await host.call(name, params)
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
      return answer.data as Result<N>
    }
    await ask('live.configure', { mispModules: { url } })
    const workflow = {
      json: workflowOf({
        1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
        2: { type: 'action', module: 'attach-enrichment', params: { modules: ['dns'] } }
      }) as Json
    }
    const data = { json: eventOf(1) as Json }
    const options = { effects: { policy: 'live' as const }, world: { service_modules: [dns as unknown as Json] } }
    const plan = await ask('run.plan', { workflow, data, options })
    expect(plan.entries.map(({ target }) => target)).toEqual([`dns at ${url}`])
    expect(seen).toEqual([])
    const confirmed = { ...options, effects: { ...options.effects, confirm: plan.token } }
    const { runId } = await ask('run.start', { workflow, data, options: confirmed })
    while (host.workspace.runs.get(runId)?.state === 'running') await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await ask('runs.get', { runId })).summary.outcome).toBe(outcome)
    const asked = seen.filter(({ request }) => request.url === '/query').map(({ body }) => JSON.parse(body) as JsonMap)
    expect(asked).toMatchObject([{ module: 'dns', event_id: '7', 'ip-dst': '198.51.0.0' }])
  })
})
