import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { unpackRun } from '../../../../src/contract/packed-steps.ts'
import type { OperationName, Params, Result } from '../../../../src/contract/operations.ts'
import { createHost, type Host } from '../../../../src/host/host.ts'
import { parseSendTarget, sendPost } from '../../../../src/host/capture/listen/send.ts'
import { interleave } from './interleave.ts'
import { recordedRuns } from './recorded-runs.ts'

let folder: string
let host: Host
const call = async <N extends OperationName>(name: N, params: Params<N>): Promise<Result<N>> => {
  const answer = await host.call(name, params)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`)
  return answer.data as Result<N>
}
const start = async (): Promise<void> => {
  host = await createHost({ workspace: folder, shell: 'terminal', version: '0', workerUrl: null, listen: true })
}
const named = (id: string) => recordedRuns().find((run) => run.id === id)!
const stream = interleave({
  seed: 9,
  runs: [
    named('run-067-filter-ids-flag'),
    named('run-114-stop-default-event-after-save'),
    named('run-207-enrich-nested-pass')
  ],
  atOnce: 1
})

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'retrace-host-')), 'workspace')
})
afterEach(async () => {
  await host.close()
  rmSync(join(folder, '..'), { recursive: true })
})

const settled = async (): Promise<void> => {
  for (let i = 0; i < 200; i++) {
    const { runs } = await call('runs.list', {})
    if (runs.length === stream.runs.length && runs.every(({ state }) => state === 'done')) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('capture in the app', () => {
  it('pages through posts with the doubtful ones first, each once', async () => {
    await start()
    const { url } = await call('capture.configure', { port: 0 })
    const to = parseSendTarget(url!)
    const send = (target: string, body: string) =>
      sendPost(to, { meta: { at: 0, source: '', method: 'POST', target, headers: [] }, body: Buffer.from(body) })
    // Every fifth post is nothing that MISP sends, and so belongs to no run.
    const posts = Array.from({ length: 60 }, () => stream.posts.slice(0, 8))
      .flat()
      .slice(0, 440)
    for (const [i, { target, body }] of posts.entries()) {
      await send(target, body)
      if (i % 4 === 0) await send(`/nothing/known/${i}`, 'not JSON')
    }
    const total = posts.length + 110
    // Until nothing is grouped any more.
    for (let i = 0, before = ''; i < 100; i++) {
      const [all, doubtful] = [await call('posts.list', { limit: 1 }), await call('posts.list', { unassigned: true })]
      const now = `${all.total} ${doubtful.total}`
      if (all.total === total && now === before) break
      before = now
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    const found: Result<'posts.list'>['posts'][number][] = []
    let cursor: string | null = null
    do {
      const page: Result<'posts.list'> = await call('posts.list', { doubtfulFirst: true, limit: 200, cursor })
      expect(page.total).toBe(total)
      found.push(...page.posts)
      cursor = page.cursor
    } while (cursor !== null)
    expect(new Set(found.map(({ id }) => id)).size).toBe(total)
    expect(found.length).toBe(total)
    const doubtful = (await call('posts.list', { unassigned: true, limit: 1000 })).posts.map(({ id }) => id)
    expect(doubtful.length).toBeGreaterThanOrEqual(110)
    expect(found.slice(0, doubtful.length).map(({ id }) => id)).toEqual(doubtful)

    // In the order of a column: each once, too.
    const sizes: number[] = []
    cursor = null
    do {
      const sort = { by: 'size', down: true } as const
      const page: Result<'posts.list'> = await call('posts.list', { sort, limit: 200, cursor })
      sizes.push(...page.posts.map(({ size }) => size))
      cursor = page.cursor
    } while (cursor !== null)
    expect(sizes).toEqual(found.map(({ size }) => size).sort((a, b) => b - a))
  })

  it('takes posts, shows their runs, and lets a person correct them', async () => {
    await start()
    const status = await call('capture.configure', { port: 0 })
    expect(status).toMatchObject({ state: 'listening', message: null })
    const to = parseSendTarget(status.url!)
    for (const post of stream.posts) {
      const meta = { at: post.at, source: '', method: 'POST', target: post.target, headers: [] }
      expect(await sendPost(to, { meta, body: Buffer.from(post.body) })).toBe(200)
    }
    await settled()
    const { runs } = await call('runs.list', {})
    expect(
      runs.map(({ origin, outcome, trigger, steps }) => `${origin} ${trigger} ${outcome} ${steps}`).sort()
    ).toEqual([
      'captured enrichment-before-query success 1',
      'captured event-after-save blocked 1',
      'captured event-publish success 2',
      'captured event-publish success 5'
    ])
    const filtered = runs.find(({ steps }) => steps === 5)!
    const detail = unpackRun(await call('runs.get', { runId: filtered.id }))
    expect(detail.steps.map(({ moduleId, branch, changed }) => `${moduleId} ${branch} ${changed}`)).toEqual([
      'generic-filter-data output_1 true',
      'attribute_ids_flag_operation null true',
      'push-zmq null false',
      'generic-filter-reset output_1 true',
      'push-zmq null false'
    ])
    expect(detail.steps[0]!.derived).toEqual(['duration', 'input', 'changes', 'branch'])

    const posts = await call('posts.list', { limit: 5 })
    expect(posts.total).toBe(stream.posts.length)
    expect(posts.posts.map(({ id }) => id)).toEqual([...Array(5).keys()].map((i) => String(stream.posts.length - i)))
    const next = await call('posts.list', { limit: 5, cursor: posts.cursor })
    expect(next.posts[0]?.id).toBe(String(stream.posts.length - 5))
    const post = await call('posts.get', { postId: '1' })
    expect(post).toMatchObject({ kind: 'init', runId: filtered.id, encoding: 'utf8', truncated: false })
    expect(JSON.parse(post.text)).toEqual(JSON.parse(stream.posts[0]!.body))

    const own = await call('posts.list', { runId: filtered.id })
    const { undoId } = await call('posts.move', { postIds: [own.posts[0]!.id], runId: null })
    expect((await call('runs.list', {})).total).toBe(5)
    expect((await call('runs.get', { runId: filtered.id })).summary.outcome).toBe('no end')
    expect(await call('posts.undo', { undoId })).toEqual({ undone: true })
    expect((await call('runs.list', {})).total).toBe(4)
    expect((await call('runs.get', { runId: filtered.id })).summary.outcome).toBe('success')

    const exported = await call('runs.export', { runId: filtered.id })
    expect(exported.text.trim().split('\n').length).toBe(7)
    const imported = await call('capture.import', { name: 'again.ndjson', text: exported.text })
    expect(imported).toEqual({ kind: 'posts', runs: 1, posts: 7, lines: 0, unassigned: 0 })
    expect((await call('runs.list', {})).total).toBe(5)

    await host.close()
    await start()
    await call('capture.status', {})
    expect((await call('runs.list', {})).total).toBe(5)
  })

  it('shows MISP’s log, linked to captured runs', async () => {
    await start()
    const run = named('run-002-linear-3')
    const lines = run.posts.map((post) =>
      JSON.stringify({
        at: '2024-10-21T12:00:00.500Z',
        source: '',
        method: 'POST',
        target: post.target,
        headers: {},
        body: post.body
      })
    )
    await call('capture.import', { name: 'posts', text: lines.join('\n') })
    const before = await call('runs.list', {})
    expect(await call('capture.import', { name: 'workflow-execution.log', text: run.log })).toMatchObject({
      kind: 'log',
      runs: 1,
      unassigned: 0
    })
    const log = await call('log.list', { runId: before.runs[0]!.id })
    expect(log.lines.map(({ text, step }) => `${step} ${text.split('\n')[0]}`).sort()[0]).toBe(
      '1 Executed node `webhook`'
    )
    expect((await call('runs.list', {})).total).toBe(before.total)
    const other = named('run-097-throw-event-publish')
    await call('capture.import', { name: 'other.log', text: other.log })
    const { runs } = await call('runs.list', { filter: { origin: ['imported'] } })
    expect(runs).toMatchObject([
      { trigger: 'event-publish', outcome: 'success', steps: 4, outcomeText: 'from MISP’s log, without data' }
    ])
  })

  it('shows what rules would remove before it goes, and keeps what is pinned', async () => {
    await start()
    const text = stream.posts
      .map((post) =>
        JSON.stringify({
          at: new Date(post.at).toISOString(),
          source: '',
          method: 'POST',
          target: post.target,
          headers: {},
          body: post.body
        })
      )
      .join('\n')
    await call('capture.import', { name: 'posts', text })
    const { runs } = await call('runs.list', {})
    const oldest = runs.at(-1)!
    await call('runs.pin', { runIds: [oldest.id], pinned: true })
    const before = await call('storage.info', {})
    expect(before).toMatchObject({ runs: 4, posts: stream.posts.length, rules: null, next: null })
    const rules = { maxAgeDays: null, maxRuns: 1, maxBytes: null }
    const plan = await call('storage.preview', { rules })
    expect(plan).toMatchObject({ runs: 2, keptPinned: 1 })
    expect((await call('runs.list', {})).total).toBe(4)
    const on = await call('storage.setRules', { rules })
    expect(on.next?.plan.runs).toBe(2)
    expect((await call('runs.list', {})).total).toBe(4)
    expect((await call('storage.setRules', { rules: null })).next).toBeNull()
    const done = await call('storage.remove', { rules, until: plan.newest! })
    expect(done.runs).toBe(2)
    const left = await call('runs.list', {})
    expect(left.runs.map(({ id }) => id)).toContain(oldest.id)
    expect(left.total).toBe(2)
    const gone = new Set(plan.first.map(({ id }) => id))
    expect(left.runs.some(({ id }) => gone.has(id))).toBe(false)
    expect((await call('posts.list', {})).total).toBeLessThan(stream.posts.length)
    expect(await call('storage.compact', {})).toMatchObject({ stopped: false })
  })

  it('groups what is open and doubtful anew when its workflow is saved', async () => {
    await start()
    const run = named('run-067-filter-ids-flag')
    const text = run.posts
      .filter(({ target }) => !target.includes('/init'))
      .map(({ target, body }) =>
        JSON.stringify({ at: '2024-10-21T12:00:00.500Z', source: '', method: 'POST', target, headers: {}, body })
      )
      .join('\n')
    await call('capture.import', { name: 'posts', text })
    const before = await call('runs.list', {})
    await call('workflows.save', { workflow: run.workflow as Json })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const after = await call('runs.list', {})
    expect(after.total).toBeLessThanOrEqual(before.total)
    const posts = await call('posts.list', {})
    expect(new Set(posts.posts.map(({ runId }) => runId)).size).toBe(after.total)
  })

  it('shows the log lines of local runs with their steps', async () => {
    await start()
    const workflow = {
      Workflow: {
        ...{ id: '7', name: 'w', trigger_id: 'event-publish', debug_enabled: true },
        data: {
          1: {
            ...{ id: 1, class: 'block', inputs: [] },
            data: { id: 'event-publish', module_type: 'trigger', indexed_params: {}, saved_filters: {} },
            outputs: { output_1: { connections: [{ node: '2', input: 'output_1' }] } }
          },
          2: {
            ...{ id: 2, class: 'block', outputs: { output_1: { connections: [] } } },
            data: { id: 'push-zmq', name: 'z', module_type: 'action', indexed_params: {}, saved_filters: {} },
            inputs: { input_1: { connections: [{ node: '1', input: 'output_1' }] } }
          }
        }
      }
    }
    const { runId } = await call('run.start', {
      workflow: { json: workflow as unknown as Json },
      data: { json: { Event: { id: '1', info: 'x' } } },
      options: { now: '2001-02-03T04:05:06Z' }
    })
    for (let i = 0; i < 100; i++) {
      if (((await call('runs.list', {})).runs[0]?.size ?? 0) > 0) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const { lines } = await call('log.list', {})
    expect(lines.every((line) => line.origin === 'local' && line.runId === runId && line.workflowId === '7')).toBe(true)
    expect(lines.filter(({ at }) => at.startsWith('2001'))).toEqual([])
    const messages = lines.map(({ text }) => text.toLowerCase()).sort()
    const sort = { by: 'message', down: false } as const
    const first = await call('log.list', { sort, limit: 1 })
    const rest = await call('log.list', { sort, limit: 1000, cursor: first.cursor })
    expect([...first.lines, ...rest.lines].map(({ text }) => text.toLowerCase())).toEqual(messages)
    expect(lines.map(({ step, text }) => `${step} ${text.split('\n')[0]}`)).toContain('1 Executed node `push-zmq`')
  })

  it('refuses to listen for other machines without a secret, and says when the address is taken', async () => {
    await start()
    const taken = await call('capture.configure', { port: 0 })
    const answer = await host.call('capture.configure', { host: '0.0.0.0' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'PARAMS_INVALID' } })
    expect(await call('capture.status', {})).toEqual(taken)
    const open = await call('capture.configure', { host: '0.0.0.0', sources: [{ name: 'prod', secret: 'abc' }] })
    expect(open.url).toMatch(/^http:\/\/0\.0\.0\.0:\d+\/prod\/abc$/)
    expect(open.message).toContain('other machines')
    expect(await call('capture.configure', { enabled: false })).toMatchObject({ state: 'off', url: null })
  })
})
