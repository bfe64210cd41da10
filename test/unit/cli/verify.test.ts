// `retrace verify`: its answers, how it exits, and the XML that CI servers read.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { junit } from '../../../src/cli/junit.ts'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'

const folder = temporaryFolders()

beforeAll(() => void builtWorker())

const put = (cwd: string, name: string, value: Json): void => writeFileSync(join(cwd, name), JSON.stringify(value))

/** A workspace with the posts of one run, changed before they are imported, and with its workflow. */
async function workspace(change: (line: string, i: number) => string, withWorkflow = true): Promise<string> {
  const cwd = folder()
  put(cwd, 'workflow.json', guard)
  put(cwd, 'event.json', eventOf(1, ['tlp:red']))
  await retrace(cwd, 'run', 'workflow.json', '--data', 'event.json', '--raw', '--posts', 'posts.ndjson')
  const lines = readFileSync(join(cwd, 'posts.ndjson'), 'utf8').trimEnd().split('\n')
  writeFileSync(join(cwd, 'posts.ndjson'), `${lines.map(change).join('\n')}\n`)
  await retrace(cwd, 'import', 'posts.ndjson', '--workspace', 'ws')
  if (withWorkflow) await retrace(cwd, 'import', 'workflow.json', '--workspace', 'ws')
  return cwd
}

const asItWas = (line: string): string => line
const otherInfo = (line: string, i: number): string => (i === 1 ? line.replaceAll('sample event', 'other event') : line)

async function verified(
  cwd: string,
  ...more: readonly string[]
): Promise<{ readonly status: number; readonly list: readonly JsonMap[] }> {
  const { status, out, err } = await retrace(cwd, 'verify', '--all', '--workspace', 'ws', '--json', ...more)
  expect(err).toBe('')
  return { status, list: JSON.parse(out) as readonly JsonMap[] }
}

describe('verify', () => {
  it('is 0 for a run that an offline run equals', async () => {
    const cwd = await workspace(asItWas)
    expect(await verified(cwd)).toEqual({
      status: 0,
      list: [{ run: 'c-1', verdict: 'equal', accepted: 0, first: null, missing: [] }]
    })
    const { status, out } = await retrace(cwd, 'verify', 'c-1', '--workspace', 'ws')
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^c-1 {2}equal[^]*\n1 run: 1 equal, 0 different, 0 cannot tell; 0 accepted differences\n$/)
    ])
  }, 60_000)

  it('is 1 for one that differs, until the difference is accepted', async () => {
    const cwd = await workspace(otherInfo)
    const { status, list } = await verified(cwd)
    expect(status).toBe(1)
    expect(list[0]).toMatchObject({
      verdict: 'different',
      first: { step: 1, nodeId: 2, kind: 'data', path: 'Event.info', expected: 'other event', actual: 'sample event' }
    })
    const text = await retrace(cwd, 'verify', 'c-1', '--workspace', 'ws', '--reporter', 'junit')
    expect(text.status).toBe(1)
    expect(text.out).toMatch(
      /^<\?xml version="1\.0"[^]*<testcase classname="[^"]+" name="c-1"><failure message="data: After/
    )
    const done = await retrace(cwd, 'verify', 'c-1', '--workspace', 'ws', '--accept', 'a test', '--until', '2999-01-01')
    expect([done.status, done.out]).toEqual([
      0,
      expect.stringContaining('accepted until 2999-01-01: data Event.info (a test)')
    ])
    expect((await verified(cwd)).list[0]).toMatchObject({ verdict: 'equal', accepted: 1 })
    const over = await workspace(otherInfo)
    await retrace(over, 'verify', 'c-1', '--workspace', 'ws', '--accept', 'a test', '--until', '2020-01-01')
    expect((await verified(over)).status).toBe(1)
  }, 60_000)

  it('is 4 where nobody can tell, and 3 for what it does not understand', async () => {
    const cwd = await workspace(asItWas, false)
    const { status, list } = await verified(cwd)
    expect([status, list[0]]).toMatchObject([
      4,
      { verdict: 'cannot tell', first: null, missing: [expect.stringContaining('has no workflow for the trigger')] }
    ])
    expect((await verified(cwd, '--workflow', 'workflow.json')).status).toBe(0)
    for (const wrong of [[], ['c-1', '--all'], ['c-1', '--reporter', 'tap'], ['c-1', '--until', 'tomorrow'], ['c-99']])
      expect((await retrace(cwd, 'verify', ...wrong, '--workspace', 'ws')).status, wrong.join(' ')).toBe(3)
  }, 60_000)
})

describe('accepted differences', () => {
  const accept = ['verify', 'c-1', '--workspace', 'ws', '--accept', 'known']
  const listed = async (cwd: string, ...more: readonly string[]): Promise<readonly JsonMap[]> => {
    const { status, out } = await retrace(cwd, 'verify', ...more, '--workspace', 'ws', '--json')
    expect(status, out).toBe(0)
    return JSON.parse(out) as readonly JsonMap[]
  }
  const verdicts = async (cwd: string): Promise<Json> => {
    const { out } = await retrace(cwd, 'runs', '--workspace', 'ws', '--json')
    return (JSON.parse(out) as readonly JsonMap[]).map(({ verdict }) => verdict ?? null)
  }

  it('are listed, and taken back; the verdict that is kept with the run goes with them', async () => {
    const cwd = await workspace(otherInfo)
    expect(await verdicts(cwd)).toEqual([null])
    await verified(cwd)
    expect(await verdicts(cwd)).toEqual(['different'])
    await retrace(cwd, ...accept, '--until', '2999-01-01')
    expect(await verdicts(cwd)).toEqual(['equal'])
    const [one, ...more] = await listed(cwd, '--accepted')
    expect(more).toEqual([])
    expect(one).toMatchObject({
      ...{
        run: 'c-1',
        workflow: null,
        of: 'event-publish · sample event',
        nodeId: 2,
        kind: 'data',
        path: 'Event.info'
      },
      ...{ reason: 'known', until: '2999-01-01', expired: false }
    })
    expect((await retrace(cwd, 'verify', '--accepted', '--workspace', 'ws')).out).toMatch(
      /data node 2 Event\.info {2}run c-1 “event-publish · sample event”\n {2}until 2999-01-01: known\n1 accepted difference\n$/
    )
    const gone = await retrace(cwd, 'verify', '--take-back', 'nothing', '--workspace', 'ws')
    expect([gone.status, gone.err]).toEqual([3, expect.stringContaining('ACCEPTED_NOT_FOUND')])
    expect(await listed(cwd, '--take-back', String(one?.['id']))).toEqual([])
    expect(await verdicts(cwd)).toEqual([null])
    expect((await verified(cwd)).list[0]).toMatchObject({ verdict: 'different', accepted: 0 })
  }, 60_000)

  it('hold for every run of a workflow where that is asked for, once each, and not behind their day', async () => {
    const cwd = await workspace(otherInfo)
    await retrace(cwd, 'import', 'posts.ndjson', '--workspace', 'ws')
    const done = await retrace(cwd, 'verify', '--all', '--workspace', 'ws', '--accept', 'all', '--for', 'workflow')
    expect([done.status, done.out]).toEqual([0, expect.stringContaining('2 equal')])
    expect(done.out).toContain('2 accepted differences')
    expect((await listed(cwd, '--accepted')).map(({ of, run }) => [of, run])).toEqual([['guard', null]])
    const late = await workspace(otherInfo)
    const other = await retrace(late, ...accept, '--until', '2020-01-01')
    expect(other.status).toBe(1)
    expect(await listed(late, '--accepted')).toMatchObject([{ until: '2020-01-01', expired: true }])
  }, 60_000)

  it('take no runs with their list, and a day only with a reason', async () => {
    const cwd = folder()
    for (const wrong of [
      ['--accepted', '--all'],
      ['--take-back', 'a', 'c-1'],
      ['c-1', '--until', '2999-01-01'],
      ['c-1', '--for', 'workflow']
    ])
      expect((await retrace(cwd, 'verify', ...wrong)).status, wrong.join(' ')).toBe(3)
  }, 60_000)
})

describe('JUnit', () => {
  it('is XML whatever stands in names and values', () => {
    const hostile = '<a b="c">&]]>\u0000\u0008\ud800\ufffe\n\t</a>'
    const text = junit(hostile, [
      { suite: hostile, name: hostile, state: 'passed' },
      { suite: hostile, name: hostile, state: 'failed', message: hostile, text: hostile },
      { suite: hostile, name: hostile, state: 'skipped', message: hostile }
    ])
    expect(text).toContain('tests="3" failures="1" errors="0" skipped="1"')
    expect(text).not.toMatch(/[\u0000-\u0008\ufffe\ud800-\udfff]/)
    expect(text.replace(/&(?:amp|lt|gt|quot|apos|#\d+);/g, '')).not.toContain('&')
    // Without its tags nothing is left of markup.
    expect(text.replace(/<\?xml [^>]*\?>|<\/?\w+(?: [\w]+="[^"<>]*")*\/?>/g, '')).not.toMatch(/[<>"]/)
  })
})
