// A key named `__proto__` is a key like any other to PHP and to JSON: what comes in with one is kept with it, wherever it goes.
import { describe, expect, it } from 'vitest'
import { anyJson, anyMap } from '../../src/contract/any-json.ts'
import { createApp } from '../../src/server/server.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { workflowOf } from '../unit/host/samples.ts'

const { open, folder, later } = hosting()

const own = '"__proto__":{"polluted":"mark-1"}'
/** As JSON.parse makes it, with the key as its own. */
const poisoned = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"here":1', own))

const workflow = poisoned(
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module: 'generic-filter-reset', params: { here: 1 } }
  })
)
const event = poisoned({
  Event: { id: '1', info: 'x', here: 1, Attribute: [{ id: '1', value: 'v', type: 'text', here: 1 }] }
})
const count = (value: unknown): number => JSON.stringify(value).split('"__proto__"').length - 1

describe('keys named __proto__', () => {
  it('stay in what a schema takes as it is, and go nowhere else', () => {
    expect(count(anyJson.parse(event))).toBe(2)
    expect(count(anyMap.parse(event))).toBe(2)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    for (const value of [deep, undefined, Number.NaN, () => 1, { a: undefined }, 1n])
      expect(anyJson.safeParse(value).success).toBe(false)
  })

  it('stay in workflows, drafts, data, pinned outputs and runs', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { id } = await ask(host, 'workflows.save', { workflow, note: '' })
    expect(count((await ask(host, 'workflows.get', { workflowId: id })).workflow)).toBe(1)
    await ask(host, 'drafts.save', { workflowId: id, base: 1, workflow })
    expect(count(await ask(host, 'drafts.get', { workflowId: id }))).toBe(1)
    const data = await ask(host, 'data.import', { name: 'event', text: JSON.stringify(event) })
    for (const given of [{ json: event }, { dataId: data.id }])
      for (const options of [{}, { pins: { '2': { data: event } } }] as const) {
        const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: given, options })
        await finished(host, runId)
        for (const which of ['original', 'input', 'output'] as const) {
          const { text } = await ask(host, 'run.text', { runId, step: 1, which, unmasked: true })
          expect([which, text.split('mark-1').length - 1]).toEqual([which, expect.toSatisfy((n: number) => n >= 2)])
        }
        expect(count((await ask(host, 'run.workflow', { runId })).workflow)).toBe(1)
      }
    await host.close()
    const again = await open(workspace)
    expect(count((await ask(again, 'workflows.get', { workflowId: id })).workflow)).toBe(1)
    const [run] = (await ask(again, 'runs.list', {})).runs
    const { text } = await ask(again, 'run.text', { runId: run!.id, step: 1, which: 'output', unmasked: true })
    expect(text).toContain('mark-1')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('come through the app’s own server', async () => {
    const host = await open()
    const guard = { token: 'x'.repeat(40), hosts: new Set(['localhost:80']) }
    const app = await createApp({ host, pageFolder: folder() }, guard)
    later(() => app.close())
    const answer = await app.inject({
      method: 'POST',
      url: '/api/call/workflows.save',
      headers: { authorization: `Bearer ${'x'.repeat(40)}`, 'content-type': 'application/json', host: 'localhost:80' },
      payload: JSON.stringify({ workflow, note: '' })
    })
    expect(answer.json()).toMatchObject({ ok: true })
    const { id } = (answer.json() as { data: { id: string } }).data
    expect(count((await ask(host, 'workflows.get', { workflowId: id })).workflow)).toBe(1)
  })
})
