import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import type { JsonMap } from '../../../src/contract/json.ts'
import type { Host } from '../../../src/host/host.ts'
import { PostReader } from '../../../src/host/capture/journal/segments-reader.ts'
import { Preparing } from '../../../src/host/runs/preparing.ts'
import { RunBook } from '../../../src/host/worker/runs/run-book.ts'
import { blankSummary } from '../../../src/engine/replay/run-facts.ts'
import { chain } from '../../bench/ui-workloads.ts'
import { ask, finished, hosting } from './hosting.ts'

const { open, folder } = hosting()
const inBrowser = { shell: 'browser', listen: false } as const

/** More than a megabyte in a few posts. */
function largeRun(): string {
  const data = { Event: { id: '7', uuid: '5a3e1f6c-0d4b-4a53-9c9e-0e5a1f2b3c4d', info: 'p'.repeat(600_000) } }
  const none = { node_id: '', module_id: '', filters: '', parameters: '' }
  const webhook = { node_id: 2, module_id: 'webhook', filters: [], parameters: [] }
  const at = (second: number) => `2024-10-21T08:30:0${second}.000Z`
  const post = (second: number, target: string, source: JsonMap, body: JsonMap) =>
    JSON.stringify({
      ...{ at: at(second), source: 'default', method: 'POST', headers: {} },
      target: `/event-publish/${target}`,
      body: JSON.stringify({ source, timestamp: at(second), data: body })
    })
  return [
    post(0, 'init?type=blocking', none, { original: data, normalized: data }),
    post(1, 'exec/webhook?result=success&message=', webhook, data),
    post(2, 'end?outcome=success', none, { blocking_nodes: [], executed_nodes: [{ id: 2 }], blocked_paths: [] })
  ].join('\n')
}

const outlines = (workspace: string): string => join(workspace, 'runs', 'outlines')
const outlineOf = (workspace: string): string => join(outlines(workspace), readdirSync(outlines(workspace))[0] ?? '')
const bring = (host: Host) => ask(host, 'capture.import', { name: 'posts.ndjson', text: largeRun() })
const onlyRun = async (host: Host): Promise<string> => (await ask(host, 'runs.list', {})).runs[0]?.id ?? ''
const written = (workspace: string) =>
  vi.waitFor(() => expect(readdirSync(outlines(workspace))).toHaveLength(1), { timeout: 10_000 })

describe('outlines of long runs', () => {
  it('are written when a run comes in, and shown after a restart as the run itself was', async () => {
    const workspace = folder()
    const first = await open(workspace, inBrowser)
    await bring(first)
    await written(workspace)
    const runId = await onlyRun(first)
    const { detail } = JSON.parse(readFileSync(outlineOf(workspace), 'utf8')) as { detail: unknown }
    await ask(first, 'run.value', { runId, step: 1, which: 'output', path: [] })
    const fromMemory = await ask(first, 'runs.get', { runId })
    expect(detail).toMatchObject({ steps: fromMemory.steps, consequence: fromMemory.consequence })
    await first.close()
    const second = await open(workspace, inBrowser)
    await second.call('runs.list', {})
    await vi.waitFor(async () => expect(await onlyRun(second)).toBe(runId))
    expect(await ask(second, 'runs.get', { runId })).toEqual(fromMemory)
  })

  it('are written when a local run ends, and hold what people say since', async () => {
    const workspace = folder()
    const host = await open(workspace, inBrowser)
    const json = { Event: { id: '7', info: 'p'.repeat(1_200_000) } }
    const { runId } = await ask(host, 'run.start', { workflow: { json: chain(2) }, data: { json } })
    const detail = await finished(host, runId)
    await written(workspace)
    await host.close()
    const again = await open(workspace, inBrowser)
    await ask(again, 'runs.rename', { runId, name: 'the large one' })
    const shown = await ask(again, 'runs.get', { runId })
    expect(shown.summary).toEqual({ ...detail.summary, name: 'the large one', size: shown.summary.size })
    expect(shown.steps.rows).toHaveLength(10)
  })

  it('are not used for a run that changed, nor when they are damaged', async () => {
    const workspace = folder()
    const host = await open(workspace, inBrowser)
    await bring(host)
    await written(workspace)
    const runId = await onlyRun(host)
    const whole = await ask(host, 'runs.get', { runId })
    const file = outlineOf(workspace)
    const good = JSON.parse(readFileSync(file, 'utf8')) as { detail: { steps: { rows: number[] } } }
    await host.close()
    const damages = ['no JSON', '{}', JSON.stringify({ ...good, key: 'of another state' })]
    damages.push(JSON.stringify({ ...good, detail: { ...good.detail, steps: { ...good.detail.steps, rows: [99] } } }))
    for (const text of damages) {
      writeFileSync(file, text)
      const again = await open(workspace, { ...inBrowser, readOnly: true })
      await vi.waitFor(async () => expect(await onlyRun(again)).toBe(runId))
      expect(await ask(again, 'runs.get', { runId }), text.slice(0, 30)).toEqual(whole)
      expect(readFileSync(file, 'utf8')).toBe(text)
      await again.close()
    }
  })

  it('of a local run that an earlier version wrote are made anew at a start, before anybody opens it', async () => {
    const workspace = folder()
    const host = await open(workspace, inBrowser)
    const json = { Event: { id: '7', info: 'p'.repeat(1_200_000) } }
    const { runId } = await ask(host, 'run.start', { workflow: { json: chain(1) }, data: { json } })
    await finished(host, runId)
    await written(workspace)
    await host.close()
    const file = outlineOf(workspace)
    const kept = () => JSON.parse(readFileSync(file, 'utf8')) as { key: string; detail: { steps: JsonMap } }
    const good = kept()
    writeFileSync(file, JSON.stringify({ ...good, key: 'of another version', detail: {} }))
    await open(workspace, inBrowser)
    await vi.waitFor(
      () => expect(kept()).toMatchObject({ key: good.key, detail: { steps: good.detail.steps } }),
      10_000
    )
  })

  it('of a local run go with its file', async () => {
    const workspace = folder()
    const host = await open(workspace, inBrowser)
    const json = { Event: { id: '7', info: 'p'.repeat(1_200_000) } }
    const { runId } = await ask(host, 'run.start', { workflow: { json: chain(1) }, data: { json } })
    await finished(host, runId)
    await written(workspace)
    await host.close()
    const file = outlineOf(workspace)
    const stale = JSON.parse(readFileSync(file, 'utf8')) as { detail: JsonMap }
    writeFileSync(file, JSON.stringify({ ...stale, detail: { ...stale.detail, consequence: 'as it was' } }))
    const read = async () => {
      const again = await open(workspace, inBrowser)
      const { consequence } = await ask(again, 'runs.get', { runId })
      await again.close()
      return consequence
    }
    expect(await read()).toBe('as it was')
    utimesSync(join(workspace, 'runs', `${runId}.ndjson`), 1_700_000_000, 1_700_000_000)
    expect(await read()).toBe(null)
  })

  it('go when their run goes', async () => {
    const workspace = folder()
    const host = await open(workspace, inBrowser)
    await bring(host)
    await written(workspace)
    const { posts } = await ask(host, 'posts.list', {})
    await ask(host, 'posts.move', { postIds: posts.map(({ id }) => id), runId: null })
    await vi.waitFor(() => expect(readdirSync(outlines(workspace))).toEqual([]), 20_000)
  })

  it('are there when an import of a terminal ends, so that the app reads no run to open it', async () => {
    const workspace = folder()
    const terminal = await open(workspace)
    const uploadId = await terminal.uploads.receive(Readable.from([largeRun()]))
    await ask(terminal, 'posts.import', { name: 'posts.ndjson', uploadId, graphs: [] })
    await terminal.close()
    expect(readdirSync(outlines(workspace))).toHaveLength(1)
    const written = statSync(outlineOf(workspace)).mtimeMs
    const app = await open(workspace, inBrowser)
    await app.call('runs.list', {})
    await vi.waitFor(async () => expect(await onlyRun(app)).not.toBe(''))
    const reads = vi.spyOn(PostReader.prototype, 'readStored')
    await ask(app, 'runs.get', { runId: await onlyRun(app) })
    expect(reads).not.toHaveBeenCalled()
    expect(statSync(outlineOf(workspace)).mtimeMs).toBe(written)
  })

  it('are not made of a run as it stands while a start still reads its posts', async () => {
    const workspace = folder()
    const terminal = await open(workspace)
    await bring(terminal)
    await terminal.close()
    let goOn: (value: void) => void = () => undefined
    const read = new Promise<void>((resolve) => (goOn = resolve))
    const check = vi.spyOn(PostReader.prototype, 'check').mockReturnValue(read)
    const outline = vi.spyOn(RunBook.prototype, 'outline')
    const kept = async (): Promise<boolean | undefined> => {
      await ask(app, 'runs.get', { runId })
      return outline.mock.lastCall?.[0]?.keep
    }
    const app = await open(workspace, inBrowser)
    await app.capture.begun()
    const runId = await vi.waitFor(() => app.workspace.runs.get('c-1')!.id)
    const before = await kept()
    goOn()
    check.mockRestore()
    await app.capture.known()
    expect([before, await kept()]).toEqual([false, true])
    outline.mockRestore()
  })

  it('wait for that, too, where nobody opened the run', async () => {
    vi.useFakeTimers()
    const told: string[] = []
    let goOn: (value: void) => void = () => undefined
    const read = new Promise<void>((resolve) => (goOn = resolve))
    const preparing = new Preparing({
      prepare: async (id) => void told.push(id),
      known: () => read,
      drop: async () => undefined,
      failed: () => undefined
    })
    const run = { ...blankSummary('c-1', '2024-10-01T00:00:00.000Z'), origin: 'captured', size: 2e6 } as const
    preparing.note([{ ...run, state: 'done' }], [])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(told).toEqual([])
    goOn()
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toEqual(['c-1'])
    preparing.close()
    vi.useRealTimers()
  })

  it('are none of a short run, and none where only a terminal looks', async () => {
    const workspace = folder()
    const host = await open(workspace, inBrowser)
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: chain(1) },
      data: { json: { Event: { info: 'x' } } }
    })
    await finished(host, runId)
    await host.close()
    const terminal = await open(workspace)
    await bring(terminal)
    await ask(terminal, 'runs.get', { runId: await onlyRun(terminal) })
    await terminal.close()
    expect(existsSync(outlines(workspace))).toBe(false)
  })
})
