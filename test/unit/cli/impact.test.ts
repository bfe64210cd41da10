// `retrace impact`: what a change would have changed, against running one by one.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { TriedReport } from '../../../src/contract/tried.ts'
import type { Host } from '../../../src/host/host.ts'
import { repeat, seeded } from '../../attack/scale.ts'
import { builtWorker } from '../host/built-worker.ts'
import { ask, finished, hosting } from '../host/hosting.ts'
import { eventOf, workflowOf } from '../host/samples.ts'
import { retrace, retraceIn } from './here.ts'
import { itLocked, retraceLocked } from './unprivileged.ts'

const { folder, open } = hosting()
beforeAll(() => void builtWorker())

const tagIf = (tags: readonly string[]) => ({ scope: 'event', condition: 'in_or', tags: [...tags], clusters: [] })
/** Blocks events with one of the tags; those with `early` are told about first. */
const guardOf = (tags: readonly string[], early: readonly string[] = ['x']): JsonMap =>
  workflowOf(
    {
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'logic', module: 'tag-if', params: tagIf(early), to: { output_1: [3], output_2: [4] } },
      3: { type: 'action', module: 'push-zmq', params: { data_extraction_path: 'Event.info' }, to: { output_1: [4] } },
      4: { type: 'logic', module: 'tag-if', params: tagIf(tags), to: { output_1: [5] } },
      5: { type: 'action', module: 'stop-execution', params: { message: 'no' } }
    },
    'guard'
  )

function put(files: Readonly<Record<string, Json>>): string {
  const root = folder()
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), JSON.stringify(value))
  }
  return root
}

async function impact(root: string, ...args: readonly string[]): Promise<TriedReport> {
  const { out, err, status } = await retrace(root, 'impact', ...args, '--json')
  expect([status, err]).toEqual([0, ''])
  return JSON.parse(out) as TriedReport
}

describe('retrace impact', () => {
  it('groups runs by the first node that decides otherwise, with outcomes and an example', async () => {
    const root = put({
      'old.json': guardOf(['a']),
      'new.json': guardOf(['a', 'b'], ['x', 'y']),
      'events/1.json': eventOf(1, ['a']),
      'events/2.json': eventOf(1, ['b']),
      'events/3.json': eventOf(1, ['b']),
      'events/4.json': eventOf(1, ['y']),
      'events/5.json': { errors: 'no event' }
    })
    const { groups, ...counted } = await impact(root, 'new.json', '--against', 'old.json', '--events', 'events')
    expect(counted).toEqual({ same: 1, onlyData: 0, refused: 1 })
    expect(groups).toMatchObject([
      { nodeId: 4, count: 2, outcomes: ['success', 'blocked'], examples: ['2.json', '3.json'] },
      { nodeId: 2, count: 1, outcomes: ['success', 'success'], before: 'false', after: 'true', examples: ['4.json'] }
    ])
    const { out } = await retrace(root, 'impact', 'new.json', '--against', 'old.json', '--events', 'events')
    expect(out).toContain('3 runs go differently')
    expect(out).toMatch(/2 runs {2}first at node 4: false.* → true.*; ended in success, now blocked/)
    expect(out).toContain('for example 2.json')
  })

  it('has the world and its settings on both sides', async () => {
    const root = put({
      'w.json': guardOf(['a']),
      'db/settings.json': { enabled_modules: ['tag-if', 'push-zmq'] },
      'events/1.json': eventOf(1, ['a'])
    })
    const over = ['--events', 'events', '--world', 'db']
    expect((await retrace(root, 'impact', 'w.json', ...over)).err).toContain('Say what changes')
    expect(await impact(root, 'w.json', ...over, '--profile', '2.5.1')).toMatchObject({ same: 1, groups: [] })
    writeFileSync(join(root, 'all.json'), JSON.stringify({ enabled_modules: ['tag-if', 'push-zmq', 'stop-execution'] }))
    const { groups } = await impact(root, 'w.json', ...over, '--settings', 'all.json')
    expect(groups).toMatchObject([{ nodeId: 5, count: 1, before: expect.stringContaining('disabled') as string }])
  })

  it('takes settings or a version of MISP for what is otherwise', async () => {
    const root = put({
      'w.json': guardOf(['a']),
      'settings.json': { enabled_modules: ['tag-if', 'push-zmq'] },
      'events/1.json': eventOf(1, ['a']),
      'events/2.json': eventOf(1)
    })
    const { groups, same } = await impact(root, 'w.json', '--settings', 'settings.json', '--events', 'events')
    expect(same).toBe(1)
    expect(groups).toMatchObject([{ nodeId: 5, count: 1, examples: ['1.json'] }])
    expect((await impact(root, 'w.json', '--profile', '2.5.1', '--events', 'events')).groups).toEqual([])
  })

  it('says what is missing', async () => {
    const root = put({ 'w.json': guardOf(['a']), 'events/1.json': eventOf(1) })
    const error = async (...args: readonly string[]): Promise<string> => {
      const { status, err } = await retrace(root, 'impact', 'w.json', ...args)
      expect(status).toBe(3)
      return err
    }
    expect(await error('--against', 'w.json')).toContain('Say over what')
    expect(await error('--events', 'events')).toContain('Say what changes')
    expect(await error('--events', 'events', '--against', '2')).toContain('A file has no version 2')
    expect(await error('--events', 'events', '--against', 'other')).toContain('neither a file nor the number')
  })

  it('compares a saved version with the newest over the last runs of a workspace', async () => {
    const root = folder()
    const host = await open(root)
    const { id } = await ask(host, 'workflows.save', { workflow: guardOf(['a']) })
    for (const tags of [['a'], ['b'], []]) {
      const { runId } = await ask(host, 'run.start', { workflow: { workflowId: id }, data: { json: eventOf(1, tags) } })
      await finished(host, runId)
    }
    await ask(host, 'workflows.save', { workflowId: id, workflow: guardOf(['b']) })
    const all = await ask(host, 'impact.report', {
      ...{ workflow: { workflowId: id }, before: { workflow: guardOf(['a']) }, data: false }
    })
    expect([all.same, all.groups.map(({ nodeId, outcomes }) => [nodeId, outcomes.join()]).sort()]).toEqual([
      1,
      [
        [4, 'blocked,success'],
        [4, 'success,blocked']
      ]
    ])
    await host.close()
    const args = [id, '--workspace', root, '--against', '1'] as const
    expect((await impact(root, ...args, '--last', '3')).groups).toEqual(all.groups)
    expect((await impact(root, ...args, '--last', '1')).same).toBe(1)
  })

  it('is the same over chosen files in the app as over their folder in a terminal', async () => {
    const events = { '1.json': eventOf(1, ['a']), '2.json': eventOf(1), '3.json': { errors: 'no event' } } as const
    const root = put({
      'w.json': guardOf(['a']),
      'settings.json': { enabled_modules: ['tag-if', 'push-zmq'] },
      ...Object.fromEntries(Object.entries(events).map(([name, value]) => [`events/${name}`, value]))
    })
    const host = await open()
    const { id } = await ask(host, 'workflows.save', { workflow: guardOf(['a']) })
    const files = []
    for (const [name, value] of Object.entries(events))
      files.push({ name, uploadId: await host.uploads.receive(Readable.from([JSON.stringify(value)])) })
    const settings = { enabled_modules: ['tag-if', 'push-zmq'] }
    const question = { workflow: { workflowId: id }, options: { settings }, before: { options: {} } }
    const inApp = await ask(host, 'impact.report', { ...question, runs: 0, files })
    expect(inApp.groups).toMatchObject([{ nodeId: 5, count: 1, examples: ['1.json'] }])
    expect(inApp).toEqual(await impact(root, 'w.json', '--settings', 'settings.json', '--events', 'events'))
  })

  it('stops when it is cancelled', async () => {
    const host = await open()
    for (let i = 0; i < 20; i++) await ask(host, 'data.import', { name: `e${i}`, text: JSON.stringify(eventOf(1)) })
    const seen: { readonly done: number; readonly state: string }[] = []
    host.listen((event) => void (event.name === 'job.progress' && seen.push(event.data)))
    const question = { workflow: { json: guardOf(['a']) }, before: { workflow: guardOf(['b']) } }
    const answer = host.call('impact.report', question, 'one')
    await new Promise((resolve) => setImmediate(resolve))
    await ask(host, 'calls.cancel', { callId: 'one' })
    expect(await answer).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    for (const { state, done } of seen) expect([state, done < 20]).toEqual(['cancelled', true])
  })
})

/** Where two runs part, told from their steps alone: which nodes ran, which way, and the end. */
async function oneByOne(host: Host, workflows: readonly JsonMap[], data: JsonMap): Promise<string | null> {
  const told: { readonly steps: readonly string[]; readonly outcome: string }[] = []
  for (const json of workflows) {
    const { runId } = await ask(host, 'run.start', { workflow: { json }, data: { json: data } })
    const { steps, summary } = await finished(host, runId)
    const ways = steps.map(({ nodeId, result, success }) => `${nodeId} ${result} ${success}`)
    told.push({ steps: ways, outcome: String(summary.outcome) })
  }
  const [a, b] = told as [(typeof told)[0], (typeof told)[0]]
  const length = Math.max(a.steps.length, b.steps.length)
  const at = Array.from({ length }).findIndex((_none, i) => a.steps[i] !== b.steps[i])
  if (at < 0 && a.outcome === b.outcome) return null
  return `${(a.steps[at] ?? b.steps[at])?.split(' ')[0] ?? null} ${a.outcome} ${b.outcome}`
}

describe('groups', () => {
  const seeds = Array.from({ length: repeat(2, 100) }, (_, i) => 1 + i)
  it.each(seeds)('are those of running one by one (seed %i)', { timeout: 120_000 }, async (seed) => {
    const random = seeded(seed)
    const host = await open()
    const some = (): string[] => ['a', 'b', 'c', 'd'].filter(() => random() < 0.4)
    const [before, after] = [0, 1].map(() => guardOf(['a', ...some()], ['b', ...some()])) as [JsonMap, JsonMap]
    const expected = new Map<string, string[]>()
    let same = 0
    for (let i = 0; i < 8; i++) {
      const event = eventOf(1, some())
      await ask(host, 'data.import', { name: `e${i}`, text: JSON.stringify(event) })
      const found = await oneByOne(host, [before, after], event)
      if (found === null) same++
      else expected.set(found, [...(expected.get(found) ?? []), `e${i}`])
    }
    const report = await ask(host, 'impact.report', {
      workflow: { json: after },
      before: { workflow: before },
      runs: 0
    })
    expect(report.same).toBe(same)
    const groups = report.groups.map(({ nodeId, outcomes, examples, count }) => {
      expect(examples).toHaveLength(Math.min(5, count))
      return [`${nodeId} ${outcomes.join(' ')}`, count] as const
    })
    expect(new Map(groups)).toEqual(new Map([...expected].map(([key, names]) => [key, names.length])))
  })
})

it('has no runs where there is no workspace yet', async () => {
  const root = put({ 'guard.json': guardOf(['tlp:red']), 'other.json': guardOf(['tlp:amber']) })
  const env = { RETRACE_USER_FOLDER: join(root, 'user') }
  const args = ['impact', 'guard.json', '--against', 'other.json', '--last', '5']
  const told = 'note --last takes runs of a workspace; --workspace D names one\n'
  expect(await retraceIn({ cwd: root, env }, ...args)).toEqual({ status: 0, out: 'no inputs\n', err: told })
  const coverage = await retraceIn({ cwd: root, env }, 'coverage', 'guard.json', '--last', '5')
  expect([coverage.status, coverage.err, coverage.out.split('\n')[0]]).toEqual([
    0,
    told,
    expect.stringMatching(/^0 % .*, 0 runs$/)
  ])
})

it('says that the workspace has no run of the trigger', async () => {
  const root = put({ 'guard.json': guardOf(['tlp:red']), 'other.json': guardOf(['tlp:amber']) })
  await retrace(root, 'import', 'guard.json', '--workspace', 'ws')
  const { out, err } = await retrace(
    root,
    'impact',
    'guard.json',
    '--against',
    'other.json',
    '--last',
    '5',
    '--workspace',
    'ws'
  )
  expect([out, err]).toEqual(['no inputs\n', 'note the workspace has no run of the trigger event-publish\n'])
  const coverage = await retrace(root, 'coverage', 'guard.json', '--last', '5', '--workspace', 'ws')
  expect(coverage.err).toMatch(/^note the workspace has no run of a workflow “.*” on event-publish$/m)
})

it('says of inputs that none can be used, and names what cannot be read', async () => {
  const root = put({ 'guard.json': guardOf(['tlp:red']), 'other.json': guardOf(['tlp:amber']) })
  mkdirSync(join(root, 'events'))
  mkdirSync(join(root, 'empty'))
  writeFileSync(join(root, 'events/cut.json'), '{')
  symlinkSync('nowhere', join(root, 'events/link.json'))
  const impact = ['impact', 'guard.json', '--against', 'other.json']
  const link = 'note events/link.json cannot be read: it is a link to nothing.\n'
  expect(await retrace(root, ...impact, '--events', 'events')).toEqual({
    status: 0,
    out: 'None of the 2 inputs can be read as one for this workflow\n',
    err: link
  })
  const upgrade = await retrace(
    root,
    'upgrade',
    'guard.json',
    '--from',
    '2.5.1',
    '--to',
    '2.5.19',
    '--events',
    'events'
  )
  expect(upgrade.out).toContain('None of the 2 inputs can be read as one for this workflow')
  expect(upgrade.out).not.toContain('There is no input')
  const coverage = await retrace(root, 'coverage', 'guard.json', '--events', 'events', '--json')
  expect([coverage.err, (JSON.parse(coverage.out) as JsonMap).leftOut]).toEqual([link, 2])
  const empty = await retrace(root, ...impact, '--events', 'empty')
  expect([empty.out, empty.err]).toEqual(['no inputs\n', 'note there is no JSON file in empty\n'])
})

it('tells a file from a folder, and what may not be read from what is not there', async () => {
  const root = put({ 'guard.json': guardOf(['tlp:red']) })
  const over = async (...args: string[]): Promise<string> =>
    (await retrace(root, 'coverage', 'guard.json', ...args)).err
  const isFile = 'error FILE_UNREADABLE: guard.json cannot be read: it is not a folder.\n'
  expect(await over('--events', 'guard.json')).toBe(isFile)
  expect(await over('--events', 'gone')).toBe('error FILE_NOT_FOUND: gone does not exist.\n')
  expect(await over('--cases', 'gone')).toBe('error FILE_NOT_FOUND: gone does not exist.\n')
  expect(await over('--events', '.', '--world', 'guard.json')).toBe(isFile)
})

itLocked('has one code for folders that may not be read', () => {
  const root = put({ 'guard.json': guardOf(['tlp:red']) })
  mkdirSync(join(root, 'in/sub'), { recursive: true })
  const told = 'error FILE_UNREADABLE: in/sub cannot be read: it may not be read.\n'
  for (const args of [
    ['coverage', 'guard.json', '--events', 'in/sub'],
    ['coverage', 'guard.json', '--cases', 'in/sub'],
    ['coverage', 'guard.json', '--events', '.', '--world', 'in/sub'],
    ['test', 'in/sub']
  ])
    expect([args, retraceLocked(root, ['in/sub'], ...args).err]).toEqual([args, told])
})

it('says where versions of MISP go', async () => {
  const root = put({ 'guard.json': guardOf(['tlp:red']) })
  for (const version of ['2.5.19', '2.5-newest', 'v2.5.30']) {
    const { status, err } = await retrace(root, 'impact', 'guard.json', '--against', version, '--events', '.')
    expect([status, err]).toEqual([3, expect.stringContaining('A version of MISP goes into --profile')])
  }
  const { err } = await retrace(root, 'impact', 'guard.json', '--against', 'gone.json', '--events', '.')
  expect(err).not.toContain('--profile')
})
