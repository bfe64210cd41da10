// What nothing caught in the engine worker, and its sudden end: runs in it end with a code and are kept, and the next call has a new worker.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { isLong } from './scale.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { workflowOf } from '../unit/host/samples.ts'

const { folder, open } = hosting()
let worker: URL
const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))
beforeAll(() => void (worker = builtWorker()), 120_000)

/** The built worker, in which a mistake happens when one is asked for. */
async function withMistakes(channel: string): Promise<{ host: Host; make: (what: string) => void; workspace: string }> {
  const file = join(folder(), 'worker.mjs')
  writeFileSync(
    file,
    `const channel = new BroadcastChannel('${channel}')
     channel.unref()
     const kinds = {
       timer: () => setTimeout(() => { throw new Error('in a timer') }),
       promise: () => void Promise.reject(new Error('in a promise')),
       untold: () => setTimeout(() => { throw { toString() { throw new Error('cannot be told') } } }),
       again: () => { for (let n = 0; n < 100; n++) setTimeout(() => { throw new Error('again') }) },
       exit: () => process.exit(3)
     }
     channel.onmessage = ({ data }) => kinds[data]()
     await import(${JSON.stringify(worker.href)})`
  )
  const workspace = folder()
  const host = await open(workspace, { workerUrl: new URL(`file://${file}`) })
  const sender = new BroadcastChannel(channel)
  closing.push(() => sender.close())
  return { host, workspace, make: (what) => sender.postMessage(what) }
}

const workflow = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: { type: 'action', module: 'generic-filter-reset', params: {}, to: { output_1: [3] } },
  3: { type: 'action', module: 'stop-execution', params: { message: 'second' } }
})
const data = { json: { Event: { id: '1', info: 'x' } } } as const

async function pausedRun(host: Host): Promise<string> {
  const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data, options: {}, mode: 'paused' })
  await expect.poll(() => host.workspace.runs.get(runId)?.state).toBe('paused')
  return runId
}

it.each(isLong ? ['timer', 'promise', 'untold', 'again'] : ['again'])(
  'a mistake in a %s keeps runs as far as they went',
  async (kind) => {
    const { host, make, workspace } = await withMistakes(`mistake-${kind}`)
    const first = await pausedRun(host)
    const second = await pausedRun(host)
    await ask(host, 'run.step', { runId: first, command: 'next' })
    await expect.poll(() => host.workspace.runs.get(first)).toMatchObject({ state: 'paused', steps: 1 })
    make(kind)
    for (const runId of [first, second]) {
      const { summary, notes } = await finished(host, runId)
      expect(summary).toMatchObject({ state: 'done', outcome: 'cannot tell' })
      expect(notes).toContainEqual(expect.objectContaining({ code: 'WORKER_STOPPED' }))
    }
    // A new thread, at once.
    const third = await pausedRun(host)
    await ask(host, 'run.cancel', { runId: third })
    expect((await finished(host, third)).summary.state).toBe('done')
    await host.close()
    const again = await open(workspace)
    for (const runId of [first, second]) {
      const { notes, summary, steps } = await finished(again, runId)
      expect(notes).toContainEqual(expect.objectContaining({ code: 'WORKER_STOPPED' }))
      expect(summary.outcome).toBe('cannot tell')
      expect(steps.length).toBe(host.workspace.runs.get(runId)!.steps)
    }
  }
)

it('a thread that is gone at once leaves no run in progress', async () => {
  const { host, make, workspace } = await withMistakes('mistake-exit')
  const runId = await pausedRun(host)
  make('exit')
  const { summary, notes } = await finished(host, runId)
  expect(summary).toMatchObject({ state: 'done', outcome: 'cannot tell' })
  expect(notes).toMatchObject([{ code: 'WORKER_STOPPED' }])
  await host.close()
  const again = await open(workspace)
  expect((await finished(again, runId)).summary.outcome).toBe('cannot tell')
})
