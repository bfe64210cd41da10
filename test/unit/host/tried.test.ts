import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import type { TriedRun } from '../../../src/contract/tried.ts'
import type { Ask } from '../../../src/host/tried/ask.ts'
import { reportImpact } from '../../../src/host/tried/impact.ts'
import { ask, hosting } from './hosting.ts'
import { eventOf, guard, workflowOf } from './samples.ts'

const { open } = hosting()

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
  const asked: { readonly answer: (run: TriedRun) => void; readonly fail: (error: Error) => void }[] = []
  const ask = (() =>
    new Promise((answer, fail) => asked.push({ answer: answer as (run: TriedRun) => void, fail }))) as unknown as Ask
  return { asked, ask }
}
const settled = () => new Promise(setImmediate)
const question = { workflow: { json: guard as never }, options: {}, before: {} }
const same: TriedRun = { state: 'same', outcome: 'success', dataAt: null }

it('impact asks for the next runs while one is under way, for a few only, and counts each once', async () => {
  const { asked, ask: one } = asking()
  const told: number[] = []
  const report = reportImpact(one, question, inputs, (_label, done) => told.push(done))
  for (let i = 0; i < inputs.length; i++) {
    await settled()
    expect(asked).toHaveLength(Math.min(i + 3, inputs.length))
    asked[i]?.answer(i === 4 ? { state: 'refused', why: 'another kind' } : same)
  }
  expect(await report).toMatchObject({ same: 9, refused: 1, groups: [] })
  expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('impact asks for nothing more once it failed or was cancelled', async () => {
  const failing = asking()
  const failed = reportImpact(failing.ask, question, inputs, () => undefined)
  await settled()
  for (const { fail } of failing.asked) fail(new Error('gone'))
  await expect(failed).rejects.toThrow('gone')
  const cancelled = asking()
  const report = reportImpact(cancelled.ask, question, inputs, (_label, done) => {
    if (done === 1) throw new Error('cancelled')
  })
  await settled()
  cancelled.asked[0]?.answer(same)
  await expect(report).rejects.toThrow('cancelled')
  await settled()
  expect([failing.asked.length, cancelled.asked.length]).toEqual([3, 3])
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
