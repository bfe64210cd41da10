// Cases of the workspace, as the app has them: kept from runs, run, looked at, updated and removed.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Host } from '../../../../src/host/host.ts'
import { ask, finished, hosting } from '../hosting.ts'
import { eventOf, guard } from '../samples.ts'

const { open, folder } = hosting()
const isWindows = process.platform === 'win32'

let workspace = ''
function started(): Promise<Host> {
  workspace = folder()
  return open(workspace)
}

const red = {
  ...{ format: 'retrace.case', version: 1, workflow: guard, input: eventOf(1, ['tlp:red']) },
  expect: { outcome: 'blocked' }
} as const

function put(name: string, value: unknown): string {
  const path = join(workspace, 'cases', name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, JSON.stringify(value))
  return path
}

const list = (host: Host) => ask(host, 'cases.list', {})

describe('the folder of cases', () => {
  it('is empty at first', async () => {
    expect(await list(await started())).toEqual([])
  })

  it('is listed, run, and known until a case is another one', async () => {
    const host = await started()
    put('red.case.json', red)
    put('deep/other.case.json', { ...red, name: 'Other', expect: { outcome: 'success' } })
    put('broken.case.json', { format: 'retrace.case' })
    expect((await list(host)).map(({ id, result }) => [id, result])).toEqual([
      ['broken.case.json', null],
      ['deep/other.case.json', null],
      ['red.case.json', null]
    ])
    await ask(host, 'cases.test', {})
    const states = async () => (await list(host)).map(({ name, result }) => [name, result?.state])
    expect(await states()).toEqual([
      ['broken', 'broken'],
      ['Other', 'failed'],
      ['red', 'passed']
    ])
    put('red.case.json', { ...red, name: 'Longer' })
    expect((await states())[2]).toEqual(['Longer', undefined])
  })

  it('runs the others where one is a link, which is said of that one', async () => {
    const host = await started()
    put('red.case.json', red)
    symlinkSync('nowhere', join(workspace, 'cases', 'link.case.json'))
    const rows = await ask(host, 'cases.test', {})
    expect(rows.map(({ id, result }) => [id, result?.state, result?.reasons])).toEqual([
      ['link.case.json', 'broken', ['link.case.json cannot be read: it is a link.']],
      ['red.case.json', 'passed', []]
    ])
    expect(await host.call('cases.delete', { caseIds: ['link.case.json'] })).toMatchObject({
      error: { code: 'CASE_NOT_FOUND', message: '“link.case.json” is a link, and so no case.' }
    })
  })

  it('keeps a run as a case, which passes, under a free name', async () => {
    const host = await started()
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: guard as never },
      data: { json: eventOf(1, ['tlp:red']) as never }
    })
    await finished(host, runId)
    const kept = { runId, name: 'Red stays', expect: ['outcome', 'Event.Tag.{n}.name'] }
    const first = await ask(host, 'cases.keep', kept)
    const second = await ask(host, 'cases.keep', kept)
    expect([first.id, second.id]).toEqual(['red-stays.case.json', 'red-stays-2.case.json'])
    expect([first.result?.state, first.name]).toEqual(['passed', 'Red stays'])
  })

  it('takes a case that comes as a file, whatever it is called, and says what is wrong with it', async () => {
    const host = await started()
    const text = JSON.stringify({ ...red, workflow: guard })
    const [first, second, hostile, broken] = [
      await ask(host, 'cases.import', { name: 'Red.case.json', text }),
      await ask(host, 'cases.import', { name: 'Red.case.json', text }),
      await ask(host, 'cases.import', { name: '../../<b>.case.json', text }),
      await ask(host, 'cases.import', { name: 'none.json', text: '{"format":"retrace.case"' })
    ]
    expect([first.id, second.id]).toEqual(['red.case.json', 'red-2.case.json'])
    expect([first.result?.state, hostile.result?.state, broken.result?.state]).toEqual(['passed', 'passed', 'broken'])
    const files = readdirSync(join(workspace, 'cases')).sort()
    expect(files).toEqual([first, second, hostile, broken].map(({ id }) => id).sort())
    expect(readFileSync(join(workspace, 'cases', first.id), 'utf8')).toBe(text)
  })

  it('expects what MISP says by itself', async () => {
    const host = await started()
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: guard as never },
      data: { json: eventOf(1, ['tlp:red']) as never }
    })
    await finished(host, runId)
    const { id, result } = await ask(host, 'cases.keep', { runId, expect: ['message'] })
    expect(result?.state).toBe('passed')
    const kept = JSON.parse(readFileSync(join(workspace, 'cases', id), 'utf8')) as { readonly expect: unknown }
    expect(kept.expect).toEqual({ message: 'too red' })
    put(id, { ...kept, expect: { message: 'too green' } })
    const [row] = await ask(host, 'cases.test', {})
    expect(row?.result?.differences.map(({ text }) => text)).toEqual([expect.stringContaining('too green')])
  })

  it('keeps a run that had a set of mocks without pins', async () => {
    const host = await started()
    const { id: mockSet } = await ask(host, 'mocks.save', { name: 'empty' })
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: guard as never },
      data: { json: eventOf(1, ['tlp:red']) as never },
      options: { mockSet }
    })
    await finished(host, runId)
    expect((await ask(host, 'cases.keep', { runId })).result?.state).toBe('passed')
  })

  it('opens a run of a case, which comes out as the case does', async () => {
    const host = await started()
    put('red.case.json', red)
    const { runId } = await ask(host, 'cases.open', { caseId: 'red.case.json' })
    expect((await finished(host, runId)).summary).toMatchObject({ outcome: 'blocked', name: 'red.case.json' })
  })

  it('runs and opens cases under another version of MISP, and says so until they are run again', async () => {
    const host = await started()
    put('red.case.json', red)
    const profile = '2.4.177'
    expect(await ask(host, 'cases.test', { profile })).toMatchObject([{ profile, result: { state: 'passed' } }])
    expect((await list(host))[0]?.profile).toBe(profile)
    const { runId } = await ask(host, 'cases.open', { caseId: 'red.case.json', profile })
    expect((await finished(host, runId)).options).toMatchObject({ profile })
    expect(await ask(host, 'cases.test', {})).toMatchObject([{ profile: null }])
    expect(await host.call('cases.test', { profile: '9.9' })).toMatchObject({ ok: false })
  })

  it('updates what was ticked and nothing else, and only what was shown', async () => {
    const host = await started()
    const path = put('red.case.json', { ...red, expect: { outcome: 'success', path: ['9'] } })
    const [row] = await ask(host, 'cases.test', {})
    const at = row?.result?.differences.findIndex(({ keys }) => keys[0] === 'outcome') ?? -1
    const text = row?.result?.differences[at]?.text ?? ''
    const stale = await host.call('cases.update', { caseId: 'red.case.json', ticked: [{ at, text: 'other' }] })
    expect(stale).toMatchObject({ ok: false, error: { code: 'CASE_CHANGED' } })
    const updated = await ask(host, 'cases.update', { caseId: 'red.case.json', ticked: [{ at, text }] })
    expect(updated.result?.state).toBe('failed')
    expect((JSON.parse(readFileSync(path, 'utf8')) as { expect: unknown }).expect).toEqual({
      ...{ outcome: 'blocked', path: ['9'] }
    })
  })

  it('updates, renames, removes and restores a case whose name is as long as names can be, or odd', async () => {
    const host = await started()
    const long = `${'ü'.repeat(100)}${'x'.repeat(45)}.case.json`
    for (const caseId of [long, 'with space 🤖 \u202eabc.case.json', ...(isWindows ? [] : ['new\nline.case.json'])]) {
      put(caseId, { ...red, expect: { outcome: 'success' } })
      const [row] = await ask(host, 'cases.test', { caseIds: [caseId] })
      const text = row?.result?.differences[0]?.text ?? ''
      const updated = await ask(host, 'cases.update', { caseId, ticked: [{ at: 0, text }] })
      expect([updated.id, updated.result?.state]).toEqual([caseId, 'passed'])
      expect((await ask(host, 'cases.rename', { caseId, name: 'Other' })).name).toBe('Other')
      await ask(host, 'cases.delete', { caseIds: [caseId] })
      await ask(host, 'cases.restore', { caseIds: [caseId] })
    }
    expect(await list(host)).toHaveLength(isWindows ? 2 : 3)
  })

  it('removes answers that nothing asks for, when that is ticked', async () => {
    const host = await started()
    const answer = { node: 9, answer: { status: 200, body: '' } }
    const path = put('red.case.json', { ...red, answers: [answer, answer], mocks: { webhook: {} } })
    const caseId = 'red.case.json'
    const [row] = await ask(host, 'cases.test', {})
    expect([row?.result?.state, row?.result?.unused]).toEqual(['stale', ['mocks.webhook', 'answers[0]', 'answers[1]']])
    for (const update of [{}, { unused: ['answers[2]'] }, { unused: ['expect'] }])
      expect((await host.call('cases.update', { caseId, ...update })).ok).toBe(false)
    const one = await ask(host, 'cases.update', { caseId, unused: ['answers[0]', 'mocks.webhook'] })
    expect(one.result?.unused).toEqual(['answers[0]'])
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...red, answers: [answer] })
    const last = await ask(host, 'cases.update', { caseId, unused: ['answers[0]'] })
    expect(last.result?.state).toBe('passed')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(red)
  })

  it('says how far it is, and keeps what was run when it is cancelled', async () => {
    const host = await started()
    for (let i = 0; i < 45; i++) put(`${String(i).padStart(2, '0')}.case.json`, red)
    // What is over in a moment is not told: here every moment is long.
    let clock = performance.now()
    const slow = vi.spyOn(performance, 'now').mockImplementation(() => (clock += 150))
    onTestFinished(() => slow.mockRestore())
    const seen: (readonly [done: number, total: number | null, state: string])[] = []
    let changes = 0
    host.listen((event) => {
      if (event.name === 'cases.changed') changes++
      if (event.name !== 'job.progress' || event.data.jobId !== 'mine') return
      const { done, total, state } = event.data
      seen.push([done, total, state])
      if (done >= 10 && state === 'running') void host.call('calls.cancel', { callId: 'mine' })
    })
    expect(await host.call('cases.test', {}, 'mine')).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    const run = (await list(host)).filter(({ result }) => result !== null).length
    expect(run).toBeGreaterThanOrEqual(10)
    expect(run).toBeLessThan(45)
    expect(changes).toBe(1)
    expect(seen.at(-1)?.[2]).toBe('cancelled')
    expect(seen.map(([, total]) => total)).toEqual(seen.map(() => 45))
    // The next one begins anew, and comes to its end.
    expect((await ask(host, 'cases.test', {})).every(({ result }) => result?.state === 'passed')).toBe(true)
  })

  it('renames, deletes and restores', async () => {
    const host = await started()
    const path = put('deep/red.case.json', red)
    const id = 'deep/red.case.json'
    expect((await ask(host, 'cases.rename', { caseId: id, name: 'New' })).name).toBe('New')
    await ask(host, 'cases.delete', { caseIds: [id] })
    expect([existsSync(path), await list(host)]).toEqual([false, []])
    await ask(host, 'cases.restore', { caseIds: [id] })
    expect((await list(host)).map(({ name }) => name)).toEqual(['New'])
    expect(await host.call('cases.restore', { caseIds: [id] })).toMatchObject({ error: { code: 'CASE_NOT_FOUND' } })
  })

  it('has nothing outside of it', async () => {
    const host = await started()
    put('red.case.json', red)
    put('../elsewhere/red.case.json', red)
    symlinkSync(join(workspace, 'elsewhere'), join(workspace, 'cases', 'link'))
    for (const caseId of [
      '../elsewhere/red.case.json',
      'link/red.case.json',
      'a\0b',
      '',
      '.',
      'red.case.json/x',
      '/etc/passwd'
    ]) {
      for (const name of ['cases.open', 'cases.delete', 'cases.rename'] as const) {
        const answer = await host.call(name, { caseId, caseIds: [caseId], name: 'x' } as never)
        expect([caseId, answer.ok]).toEqual([caseId, false])
      }
      const answers = [
        await host.call('cases.delete', { caseIds: [caseId] }),
        await host.call('cases.test', { caseIds: [caseId] }),
        await host.call('cases.open', { caseId })
      ]
      for (const answer of answers)
        expect(['CASE_NOT_FOUND', 'PARAMS_INVALID']).toContain(answer.ok ? 'ok' : answer.error.code)
    }
    expect((await list(host)).map(({ id }) => id)).toEqual(['red.case.json'])
  })
})
