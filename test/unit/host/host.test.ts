import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createHost } from '../../../src/host/host.ts'
import type { Host } from '../../../src/host/host.ts'
import { readRunFile } from '../../../src/host/runs/run-file.ts'
import { ask, finished } from './hosting.ts'
import { eventOf, guard } from './samples.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()

const open = (workspace: string): Promise<Host> =>
  createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null })

describe('a host', () => {
  it('lets go of the workspace, though what it captured cannot be closed', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const close = vi.spyOn(host.capture, 'close').mockRejectedValue(new Error('the disk died'))
    await expect(host.close()).rejects.toThrow('the disk died')
    close.mockRestore()
    await host.capture.close()
    const again = await open(workspace)
    expect(await ask(again, 'workspace.info', {})).toMatchObject({ writable: true })
    await again.close()
  })

  it('runs a workflow, keeps the run, and shows it again after a restart', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: guard },
      data: { json: eventOf(3, ['tlp:red']) }
    })
    const detail = await finished(host, runId)
    expect(detail.summary.outcome).toBe('blocked')
    expect(detail.steps.map(({ moduleId, branch }) => [moduleId, branch])).toEqual([
      ['tag-if', 'output_1'],
      ['stop-execution', null]
    ])
    expect(detail.consequence).toBe('The event was not published.')
    expect(detail.aftermath).toContain('It stays unpublished')
    await host.close()

    const again = await open(workspace)
    const { runs, total } = await ask(again, 'runs.list', {})
    expect([total, runs[0]?.id, runs[0]?.outcome]).toEqual([1, runId, 'blocked'])
    const page = await ask(again, 'run.value', { runId, step: 1, which: 'output', path: ['Event', 'Attribute', 1] })
    expect(page.preview).toBe('ip-dst 198.51.0.1')
    expect(page.entries.find(({ key }) => key === 'value')?.preview).toBe('198.51.0.1')
    await again.close()
  })

  it('leaves no run on the list that could not start', async () => {
    const host = await open(folder())
    const trigger = { id: 1, data: { id: 'event-publish', module_type: 'trigger' }, inputs: {}, outputs: {} }
    const action = { data: { id: 'stop-execution', module_type: 'action' }, inputs: {}, outputs: {} }
    const nodes = Array.from({ length: 5000 }, (_, i) => [String(i + 2), { ...action, id: i + 2 }])
    const answer = await host.call('run.start', {
      workflow: { json: { name: 'large', data: { 1: trigger, ...Object.fromEntries(nodes) } } },
      data: { json: eventOf(1) }
    })
    expect(answer).toMatchObject({ ok: false, error: { code: 'WORKFLOW_TOO_LARGE' } })
    expect((await ask(host, 'runs.list', {})).total).toBe(0)
    await host.close()
  })

  it('stores an event once, however many steps saw it', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const data = eventOf(2000)
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: data } })
    await finished(host, runId)
    const file = join(workspace, 'runs', `${runId}.ndjson`)
    const { events } = await readRunFile(file)
    const normalized = events.find(({ type }) => type === 'run.normalized')?.data as { normalized: unknown }
    expect(statSync(file).size).toBeLessThan(
      1.2 * JSON.stringify(normalized.normalized).length + JSON.stringify(data).length
    )
    const steps = events.flatMap((event) => (event.type === 'node.finished' ? [event.data] : []))
    expect(steps.length).toBe(2)
    expect(steps[1]?.before).toBe(steps[0]?.after)
    await host.close()
  })

  it('searches and compares the values of a step', async () => {
    const host = await open(folder())
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: eventOf(300) } })
    await finished(host, runId)
    const { matches } = await ask(host, 'run.search', { runId, step: 1, which: 'input', query: '198.51.1.7' })
    expect(matches[0]?.path.slice(0, 3)).toEqual(['Event', 'Attribute', 263])
    const first = await ask(host, 'run.search', { runId, step: 1, which: 'input', query: '198.51', limit: 10 })
    const second = await ask(host, 'run.search', {
      runId,
      step: 1,
      which: 'input',
      query: '198.51',
      limit: 10,
      cursor: first.cursor
    })
    expect(second.matches[0]?.path).toEqual(['Event', 'Attribute', 10, 'value'])
    expect((await ask(host, 'run.changes', { runId, step: 1 })).total).toBe(0)
    await host.close()
  })

  it('stops before a node, takes other data and goes on', async () => {
    const host = await open(folder())
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: guard },
      data: { json: eventOf(1, ['tlp:red']) },
      mode: 'paused'
    })
    const paused = (): boolean => host.workspace.runs.get(runId) !== undefined
    while (!paused()) await new Promise((resolve) => setTimeout(resolve, 1))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await ask(host, 'run.step', { runId, command: 'continue', data: eventOf(1) })
    const { summary, steps } = await finished(host, runId)
    expect([summary.outcome, steps.at(-1)?.moduleId]).toEqual(['success', 'push-zmq'])
    await host.close()
  })

  it('opens a workspace that is held by another instance read-only and says so', async () => {
    const workspace = folder()
    const first = await open(workspace)
    const second = await open(workspace)
    expect(second.workspace.info()).toMatchObject({
      writable: false,
      heldBy: expect.stringContaining(`process ${process.pid}`)
    })
    expect(await second.call('workflows.save', { workflow: guard })).toMatchObject({
      ok: false,
      error: { code: 'WORKSPACE_READ_ONLY' }
    })
    await first.close()
    await second.close()
    expect(existsSync(join(workspace, 'workspace.lock'))).toBe(false)
  })

  it('keeps unreadable files as .bad, reports them, and goes on with the rest', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: eventOf(1) } })
    await finished(host, runId)
    await ask(host, 'workflows.save', { workflowId: 'guard', workflow: guard })
    await host.close()
    writeFileSync(join(workspace, 'catalogue.json'), '{ broken')
    writeFileSync(join(workspace, 'workflows', 'guard', '2.json'), 'nothing')
    writeFileSync(join(workspace, 'runs', 'torn.ndjson'), '{"format":"retrace.run","version":1')
    const index = readFileSync(join(workspace, 'runs', 'index.ndjson'), 'utf8')
    writeFileSync(join(workspace, 'runs', 'index.ndjson'), `${index}{"run": torn`)

    const again = await open(workspace)
    expect(again.workspace.problems.map(({ file, keptAs }) => [file, keptAs])).toEqual([
      ['catalogue.json', 'catalogue.json.bad'],
      ['runs/index.ndjson', 'index.ndjson.bad'],
      ['runs/torn.ndjson', 'torn.ndjson.bad'],
      ['workflows/guard/2.json', '2.json.bad']
    ])
    expect((await ask(again, 'runs.list', {})).total).toBe(1)
    expect((await ask(again, 'workflows.get', { workflowId: 'guard' })).version).toBe(1)
    expect(readFileSync(join(workspace, 'catalogue.json.bad'), 'utf8')).toBe('{ broken')
    expect(readdirSync(join(workspace, 'runs')).sort()).toContain('torn.ndjson.bad')
    await again.close()
  })

  it('keeps the broken file of a run as .bad when it is opened, and the run on the list', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard }, data: { json: eventOf(1) } })
    await finished(host, runId)
    await host.close()
    const file = join(workspace, 'runs', `${runId}.ndjson`)
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, lines.slice(0, 4).join('\n'))

    const again = await open(workspace)
    expect(await again.call('runs.get', { runId })).toMatchObject({
      ok: false,
      error: { code: 'STORE_FILE_UNREADABLE', details: { place: 'line 4' } }
    })
    expect(again.workspace.problems).toMatchObject([{ keptAs: `${runId}.ndjson.bad` }])
    await again.close()
    const third = await open(workspace)
    expect((await ask(third, 'runs.list', {})).runs[0]).toMatchObject({ id: runId, state: 'unreadable' })
    await third.close()
  })

  it('answers every call and hides mistakes of its own', async () => {
    const host = await open(folder())
    expect(await host.call('no.such', {})).toMatchObject({ ok: false, error: { code: 'OPERATION_UNKNOWN' } })
    expect(await host.call('__proto__', {})).toMatchObject({ ok: false, error: { code: 'OPERATION_UNKNOWN' } })
    expect(await host.call('runs.list', { limit: 'many' })).toMatchObject({
      ok: false,
      error: { code: 'PARAMS_INVALID', message: expect.stringContaining('limit') }
    })
    expect(await host.call('runs.get', { runId: 'none' })).toMatchObject({
      ok: false,
      error: { code: 'RUN_NOT_FOUND' }
    })
    expect(await host.call('posts.list', {})).toMatchObject({ ok: true, data: { posts: [], cursor: null, total: 0 } })
    await host.close()
  })
})
