import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, expect, it, vi } from 'vitest'
import type { TriedRun } from '../../../src/contract/tried.ts'
import type { Ask } from '../../../src/host/tried/ask.ts'
import { reportImpact } from '../../../src/host/tried/impact.ts'
import { ask, hosting } from './hosting.ts'
import { eventOf, guard, workflowOf } from './samples.ts'

const { open } = hosting()

afterEach(() => void vi.restoreAllMocks())

it('coverage is told of a workflow that nothing ran yet', async () => {
  const host = await open()
  const report = await ask(host, 'coverage.report', { workflow: { json: guard as never }, workflowId: 'none' })
  expect(report).toMatchObject({ runs: 0, leftOut: 0 })
})

const inputs = Array.from({ length: 10 }, (_, i) => ({
  name: `r${i}`,
  data: { runId: `r${i}`, step: 0, which: 'original' as const }
}))

it('runs with a folder of files of MISP’s database instead of the workspace’s, for what was and what would be', async () => {
  const host = await open()
  const upload = async (name: string, value: unknown) => ({
    ...{ name, uploadId: await host.uploads.receive(Readable.from([JSON.stringify(value)]), name) }
  })
  const workflow = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'logic', module: 'tag-if', params: { scope: 'event', condition: 'in_or', tags: ['x'], clusters: [] } }
  })
  const given = {
    ...{ workflow: { json: workflow as never }, options: { profile: '2.5.1' }, before: { options: {} } },
    ...{ runs: 0, data: false }
  }
  const asked = async (world: Awaited<ReturnType<typeof upload>>[]) => {
    const files = [await upload('e.json', eventOf(1))]
    const one = await ask(host, 'impact.report', { ...given, files, world })
    const { before: _before, ...about } = given
    const files2 = [await upload('e.json', eventOf(1))]
    return { one, coverage: { ...about, workflowId: 'none', files: files2 } }
  }
  const off = { enabled_modules: ['webhook'] }
  const { one, coverage } = await asked([await upload('settings.json', off), await upload('events/a.json', eventOf(1))])
  // The module is disabled on both sides: nothing is otherwise.
  expect(one).toMatchObject({ same: 1, groups: [] })
  const world = [await upload('settings.json', off)]
  const with_ = await ask(host, 'coverage.report', { ...coverage, world })
  expect([with_.runs, with_.nodes]).toEqual([1, { 1: 1, 2: 0 }])
  expect(readdirSync(join(host.workspace.folder, '.uploads'))).toEqual([])
  const outside = await host.call('impact.report', {
    ...given,
    world: [await upload('../settings.json', off)]
  })
  expect(outside).toMatchObject({ ok: false, error: { code: 'PARAMS_INVALID' } })
})

/** Answers when it is told to. */
function asking() {
  const asked: { readonly names: readonly string[]; readonly answer: () => void; readonly fail: () => void }[] = []
  const ask = ((_name: string, { inputs: some }: { readonly inputs: readonly { readonly runId: string }[] }) => {
    const runs = some.map(({ runId }): TriedRun => (runId === 'r4' ? { state: 'refused', why: 'another kind' } : same))
    return new Promise((answer, reject) =>
      asked.push({
        names: some.map(({ runId }) => runId),
        answer: () => answer({ runs }),
        fail: () => reject(new Error('gone'))
      })
    )
  }) as unknown as Ask
  return { asked, ask }
}
const settled = () => new Promise(setImmediate)
const question = { workflow: { json: guard as never }, options: {}, before: {} }
const same: TriedRun = { state: 'same', outcome: 'success', dataAt: null }

it('impact asks for the next runs while some are under way, for a few only, and counts each once', async () => {
  const { asked, ask: some } = asking()
  const told: number[] = []
  const report = reportImpact(some, question, inputs, (_label, done) => told.push(done))
  await settled()
  for (let answered = 0; answered < asked.length; answered++) {
    expect(asked.length).toBeLessThanOrEqual(answered + 2)
    asked[answered]?.answer()
    await settled()
  }
  expect(await report).toMatchObject({ same: 9, refused: 1, groups: [] })
  expect(asked.flatMap(({ names }) => names)).toEqual(inputs.map(({ name }) => name))
  expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it.each([
  ['quick', 10, [1, 1, 2, 4, 8, 16, 32, 50, 50, 36]],
  ['slow', 1000, Array.from({ length: 200 }, () => 1)]
])('impact asks for as many runs at a time as are soon there: %s ones', async (_, took, sizes) => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += took))
  const { asked, ask: some } = asking()
  const many = Array.from({ length: 200 }, (_, i) => inputs[i % 10]!)
  const report = reportImpact(some, question, many, () => undefined)
  await settled()
  for (let answered = 0; answered < asked.length; answered++) {
    asked[answered]?.answer()
    await settled()
  }
  expect(await report).toMatchObject({ same: 180, refused: 20 })
  expect(asked.map(({ names }) => names.length)).toEqual(sizes)
})

it('impact asks for nothing more once it failed or was cancelled', async () => {
  const failing = asking()
  const failed = reportImpact(failing.ask, question, inputs, () => undefined)
  await settled()
  for (const { fail } of failing.asked) fail()
  await expect(failed).rejects.toThrow('gone')
  const cancelled = asking()
  const report = reportImpact(cancelled.ask, question, inputs, (_label, done) => {
    if (done === 1) throw new Error('cancelled')
  })
  await settled()
  cancelled.asked[0]?.answer()
  await expect(report).rejects.toThrow('cancelled')
  await settled()
  expect([failing.asked.length, cancelled.asked.length]).toEqual([2, 2])
})

/** One whose webhook and mail hold a secret. */
const telling = (secret: string) =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: {
      ...{ type: 'action', module: 'webhook', to: { output_1: [3] } },
      params: {
        ...{ url: `https://u:${secret}@h.example.org/x?token=${secret}`, content_type: 'json' },
        ...{ request_method: 'post', payload: `{"password": "${secret}"}`, headers: `Authorization: Bearer ${secret}` }
      }
    },
    3: { type: 'action', module: 'push-zmq' }
  })

it('neither impact nor coverage tells a secret of the workflow', async () => {
  const host = await open()
  const { id: workflowId } = await ask(host, 'workflows.save', { workflow: telling('hunter22222') })
  await ask(host, 'data.import', { name: 'e', text: JSON.stringify(eventOf(1)) })
  const about = { workflow: { workflowId }, data: true }
  const told = [
    await ask(host, 'impact.report', { ...about, before: { workflow: telling('swordfish33') } }),
    await ask(host, 'coverage.report', { ...about, workflowId })
  ]
  expect(told[0]).toMatchObject({ groups: [{ nodeId: 2, count: 1 }] })
  expect(JSON.stringify(told)).not.toMatch(/hunter22222|swordfish33/)
})
