// The engine in its thread: whatever it works on, the host answers.
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../src/contract/json.ts'
import { createHost } from '../../../src/host/host.ts'
import { createThreadEngine } from '../../../src/host/worker/thread/engine-client.ts'
import { scale } from '../../attack/scale.ts'
import { builtWorker } from './built-worker.ts'
import { eventOf, guard, workflowOf } from './samples.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const megabytes = scale(12, 100)

/** An event of about `bytes` bytes, written without ever being in this process as a whole. */
async function writeLargeEvent(file: string, bytes: number): Promise<void> {
  const [head, tail] = JSON.stringify(eventOf(0)).split('"Attribute":[]') as [string, string]
  const [given] = (eventOf(1).Event as JsonMap).Attribute as readonly JsonMap[]
  // As MISP exports it: there is nothing to make up.
  const template = {
    ...{ to_ids: true, uuid: '5adf0000-0000-4000-8000-000000000001', event_id: '7', distribution: '5' },
    ...{ timestamp: '1700000000', comment: '', sharing_group_id: '0', deleted: false, disable_correlation: false },
    ...{ object_id: '0', object_relation: null, first_seen: null, last_seen: null },
    ...given
  }
  const out = createWriteStream(file)
  out.write(`${head}"Attribute":[`)
  for (let written = 0, i = 0; written < bytes;) {
    let piece = ''
    for (; piece.length < 1 << 20; i++)
      piece += `${i === 0 ? '' : ','}${JSON.stringify({ ...template, id: String(i), value: `host-${i}.example` })}`
    written += piece.length
    if (!out.write(piece)) await once(out, 'drain')
  }
  out.end(`]${tail}`)
  await once(out, 'close')
}

const chain = workflowOf(
  {
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    ...Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [
        i + 2,
        {
          type: 'logic' as const,
          module: 'generic-if',
          params: {
            hash_path: 'Event._AttributeFlattened.{n}.value',
            operator: 'in',
            value: 'host-9.example',
            value_list: []
          },
          to: { output_1: [i + 3] }
        }
      ])
    ),
    10: { type: 'action', module: 'push-zmq', params: { data_extraction_path: 'Event.info' } }
  },
  'chain'
)

describe('the engine worker', () => {
  it(
    `lets operations be answered while a ${megabytes} MB event is parsed, runs and is stored`,
    { timeout: 180_000 },
    async () => {
      const workspace = folder()
      const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: builtWorker() })
      const small = await host.call('run.start', { workflow: { json: guard }, data: { json: eventOf(2) } })
      const smallId = small.ok ? (small.data as { runId: string }).runId : ''
      const file = join(workspace, 'large.json')
      await writeLargeEvent(file, megabytes * 1024 * 1024)
      await host.workspace.data.add('large', 'Large', { file })

      let done = false
      const started = host.call('run.start', { workflow: { json: chain }, data: { dataId: 'large' } })
      const answered = { host: 0, worker: 0, own: 0 }
      let runId: string | null = null
      void started.then((answer) => {
        if (answer.ok) runId = (answer.data as { runId: string }).runId
      })
      const ask = async (): Promise<void> => {
        while (!done) {
          expect(await host.call('runs.list', {})).toMatchObject({ ok: true })
          answered.host++
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      }
      const askWorker = async (): Promise<void> => {
        while (!done) {
          const other = await host.call('run.value', {
            runId: smallId,
            step: 1,
            which: 'input',
            path: ['Event', 'info']
          })
          expect(other).toMatchObject({ ok: true, data: { text: 'sample event' } })
          answered.worker++
          if (runId === null || host.workspace.runs.get(runId)?.state !== 'running') continue
          const page = await host.call('run.value', {
            runId,
            step: 1,
            which: 'output',
            path: ['Event', 'Attribute', 9]
          })
          if (page.ok && !done) answered.own++
        }
      }
      const asking = Promise.all([ask(), askWorker()])
      const answer = await started
      expect(answer).toMatchObject({ ok: true })
      while (!(runId !== null && (host.workspace.runs.get(runId)?.size ?? 0) > 0))
        await new Promise((resolve) => setTimeout(resolve, 5))
      done = true
      await asking
      expect(host.workspace.runs.get(runId ?? '')).toMatchObject({ outcome: 'success', steps: 9, state: 'done' })
      // Once for the input and once for the normalised data, which has more keys in each attribute; not once a step.
      expect(host.workspace.runs.get(runId ?? '')?.size).toBeLessThan(2.5 * megabytes * 1024 * 1024)
      expect(answered.host).toBeGreaterThan(megabytes / 2)
      expect(answered.worker).toBeGreaterThan(megabytes / 10)
      expect(answered.own).toBeGreaterThan(0)
      await host.close()
    }
  )

  it('answers WORKER_STOPPED when its thread dies, and works again', async () => {
    const stopped: string[] = []
    const engine = createThreadEngine(
      {
        working: () => undefined,
        leaving: () => undefined,
        runChanged: () => undefined,
        runProgress: () => undefined,
        mistake: () => undefined,
        problem: () => undefined
      },
      {
        url: new URL(`data:text/javascript,${encodeURIComponent('setTimeout(() => process.exit(3), 10)')}`),
        onStopped: (reason) => stopped.push(reason.message)
      }
    )
    expect(await engine.execute('modules.list', {}, {})).toMatchObject({ ok: false, error: { code: 'WORKER_STOPPED' } })
    expect(await engine.execute('modules.list', {}, {})).toMatchObject({ ok: false, error: { code: 'WORKER_STOPPED' } })
    expect(stopped).toEqual(['exit code 3', 'exit code 3'])
    await engine.stop()
  })
})
