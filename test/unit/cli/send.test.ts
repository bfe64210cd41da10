// `retrace send`: whatever holds posts is sent as it was posted, and what holds none is told.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceHere } from './here.ts'

const folder = temporaryFolders()
const got: { target: string; body: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (piece: Buffer) => (body += piece.toString()))
  request.on('end', () => {
    got.push({ target: request.url ?? '', body })
    response.end()
  })
})
let to = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

interface Post {
  readonly target: string
  readonly body: string
}
const posts = readFileSync('examples/posts.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Post)

async function sent(file: string): Promise<{ status: number; told: string; got: typeof got }> {
  got.length = 0
  const { status, out, err } = await retraceHere('send', file, '--to', to)
  return { status, told: `${err}${out.split('\n').at(-1)}`, got: [...got] }
}

describe('retrace send', { timeout: 60_000 }, () => {
  it('sends posts, and what `export` makes of a run: its file and its posts', async () => {
    const all = posts.map(({ target, body }) => ({ target, body }))
    expect(await sent('examples/posts.ndjson')).toEqual({ status: 0, told: '9 posts sent, 0 failed', got: all })
    const root = folder()
    const workspace = ['--workspace', join(root, 'ws')]
    await retraceHere('import', 'examples/posts.ndjson', ...workspace)
    const run = join(root, 'run.json')
    const lines = join(root, 'run.ndjson')
    expect((await retraceHere('export', 'c-1', '--out', run, ...workspace)).status).toBe(0)
    expect((await retraceHere('export', 'c-1', '--posts', '--out', lines, ...workspace)).status).toBe(0)
    for (const file of [run, lines])
      expect(await sent(file)).toEqual({ status: 0, told: '5 posts sent, 0 failed', got: all.slice(0, 5) })
  })

  it('sends the requests that MISP made in a recorded run, and those that a request bin kept', async () => {
    const requests = posts.slice(0, 5).map(({ target, body }) => {
      const [path, query = ''] = target.split('?')
      return {
        method: 'POST',
        path,
        query,
        headers: [['Content-Type', 'application/json']],
        body: JSON.parse(body) as object
      }
    })
    const file = join(folder(), 'recorded.json')
    writeFileSync(file, JSON.stringify({ id: 'run-1', trigger_id: 'event-publish', requests }))
    const recorded = await sent(file)
    expect([recorded.status, recorded.told]).toEqual([0, '5 posts sent, 0 failed'])
    expect(recorded.got.map(({ target }) => target)).toEqual(posts.slice(0, 5).map(({ target }) => target))
    expect(recorded.got.map(({ body }) => JSON.parse(body) as object)).toEqual(requests.map(({ body }) => body))
  })

  it('says which forms it takes instead of anything else', async () => {
    const workflow = await sent('examples/workflow.json')
    expect(workflow).toMatchObject({ status: 3, got: [] })
    expect(workflow.told).toMatch(
      /^error INPUT_\w+: examples\/workflow\.json .*Retrace reads posts as one JSON text a line/
    )
    const log = join(folder(), 'workflow-execution.log')
    writeFileSync(
      log,
      '[2024-10-21 12:00:00] Workflow(event-publish:1). Started executing workflow for trigger `event-publish` (1)\n'
    )
    expect((await sent(log)).told).toMatch(/INPUT_WRONG_TYPE: .*log of MISP, which holds no posts\. send takes posts/)
  })
})
