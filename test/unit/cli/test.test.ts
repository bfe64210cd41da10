// `retrace case` and `retrace test`: a run becomes a case, the case tells what an edit changes, and reporters are what CI servers read.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard, tagThen, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'
import { env, retrace as inProcess, script } from './retrace.ts'
import { itLocked, retraceLocked } from './unprivileged.ts'

const folder = temporaryFolders()

// Windows has no signal that asks a program to end.
const itWithSignals = it.skipIf(process.platform === 'win32')

beforeAll(() => void builtWorker())

function put(cwd: string, name: string, value: Json): void {
  mkdirSync(join(cwd, name, '..'), { recursive: true })
  writeFileSync(join(cwd, name), JSON.stringify(value))
}
const read = (cwd: string, name: string): JsonMap => JSON.parse(readFileSync(join(cwd, name), 'utf8')) as JsonMap

/** A workspace with one run of the workflow. */
async function ran(
  workflow: JsonMap,
  tags: readonly string[] = ['tlp:red']
): Promise<{ readonly cwd: string; readonly run: string }> {
  const cwd = folder()
  put(cwd, 'workflow.json', workflow)
  put(cwd, 'event.json', eventOf(1, tags))
  await retrace(cwd, 'run', 'workflow.json', '--data', 'event.json', '--keep', '--workspace', 'ws')
  const [one] = JSON.parse((await retrace(cwd, 'runs', '--workspace', 'ws', '--json')).out) as readonly {
    readonly id: string
  }[]
  return { cwd, run: one?.id ?? '' }
}

const secret = 'a-very-secret-key-1234'
const sending = tagThen('seen', 'webhook', {
  ...{ url: 'https://hook.example.org/a', content_type: 'json', request_method: 'post' },
  ...{ payload: '{"info":"{{Event.info}}"}', headers: `X-Api-Key: ${secret}` }
})

describe('case', () => {
  it('keeps a run as a case that passes, the same text each time', async () => {
    const { cwd, run } = await ran(guard)
    const made = await retrace(cwd, 'case', run, '--out', 'a.case.json', '--workspace', 'ws')
    expect([made.status, made.err]).toEqual([0, ''])
    await retrace(cwd, 'case', run, '--out', 'b.case.json', '--workspace', 'ws')
    expect(readFileSync(join(cwd, 'a.case.json'), 'utf8')).toBe(readFileSync(join(cwd, 'b.case.json'), 'utf8'))
    const keys = Object.keys(read(cwd, 'a.case.json'))
    expect(keys).toEqual([...keys].sort())
    expect(read(cwd, 'a.case.json')['expect']).toEqual({
      message: 'too red',
      outcome: 'blocked',
      path: ['2 true', '3 failed']
    })
    const { status, out } = await retrace(cwd, 'test', '.')
    expect([status, out]).toEqual([0, '2 cases: 2 passed\n'])
  }, 60_000)

  it('holds no secret, and expects what was ticked', async () => {
    const { cwd, run } = await ran(sending)
    const expect_ = ['--expect', 'effects,changes', '--expect', 'Event.Tag.{n}.name,Event.info']
    const made = await retrace(cwd, 'case', run, '--out', 'a.case.json', '--workspace', 'ws', ...expect_)
    expect([made.status, made.err]).toEqual([0, ''])
    expect(readFileSync(join(cwd, 'a.case.json'), 'utf8')).not.toContain(secret)
    const expected = read(cwd, 'a.case.json')['expect'] as JsonMap
    expect(Object.keys(expected)).toEqual(['changes', 'effects', 'values'])
    expect(expected['effects']).toMatchObject([
      { node: 3, kind: 'http', method: 'POST', json: { info: 'sample event' } }
    ])
    expect((await retrace(cwd, 'test', 'a.case.json')).status).toBe(0)
  }, 60_000)

  it('replaces nothing that is there: neither the workflow that it refers to, nor a case with what was ticked', async () => {
    const { cwd, run } = await ran(guard)
    put(cwd, 'ticked.case.json', { ticked: true })
    writeFileSync(join(cwd, 'empty'), '')
    symlinkSync('nowhere', join(cwd, 'link'))
    const refused = async (out: string, ...args: readonly string[]): Promise<string> => {
      const { status, err } = await retrace(cwd, 'case', run, '--out', out, '--workspace', 'ws', ...args)
      expect([out, status]).toEqual([out, 3])
      return err
    }
    const own = await refused('workflow.json', '--workflow-file', './workflow.json')
    expect(own).toBe('error COMMAND_INVALID: workflow.json cannot be both the case and its workflow.\n')
    for (const name of ['workflow.json', 'ticked.case.json', 'empty'])
      expect(await refused(name)).toBe(
        `error FILE_EXISTS: ${name} is there already. Delete it, or give another name.\n`
      )
    expect(read(cwd, 'ticked.case.json')).toEqual({ ticked: true })
    expect(read(cwd, 'workflow.json')).toEqual(JSON.parse(JSON.stringify(guard)))
    expect(await refused('ws')).toContain('ws cannot be written: it is a folder')
    expect(await refused('workflow.json/a.case.json')).toContain('there is a file where a folder should be')
    if (process.platform !== 'win32') expect(await refused('link')).toContain('link cannot be written: it is a link')
    if (process.platform === 'linux')
      expect(await refused('/proc/a.case.json')).toContain(
        '/proc/a.case.json cannot be written: no file can be made there'
      )
    for (const empty of ['', ',', 'outcome,,path'])
      expect(await refused('new.case.json', `--expect=${empty}`)).toContain('error COMMAND_INVALID: --expect')
    expect(existsSync(join(cwd, 'new.case.json'))).toBe(false)
  }, 60_000)

  it('may refer to a workflow beside it, and to none elsewhere', async () => {
    const { cwd, run } = await ran(guard)
    await retrace(cwd, 'case', run, '--out', 'a.case.json', '--workspace', 'ws', '--workflow-file', 'workflow.json')
    expect(read(cwd, 'a.case.json')).toMatchObject({ workflowFile: 'workflow.json' })
    const away = await retrace(
      cwd,
      'case',
      run,
      '--out',
      'ws/a.case.json',
      '--workspace',
      'ws',
      '--workflow-file',
      'workflow.json'
    )
    expect([away.status, away.err]).toEqual([3, expect.stringContaining('is not in the folder of ws/a.case.json')])
    put(cwd, 'workflow.json', workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }))
    const { status, out } = await retrace(cwd, 'test', 'a.case.json', '--json')
    expect(status).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ passed: 0, failed: 1, cases: [{ file: 'a.case.json', state: 'failed' }] })
  }, 60_000)

  it('tells of a path that finds nothing, and of a workflow beside it that is not there or another one', async () => {
    const { cwd, run } = await ran(guard)
    const noted = async (...args: readonly string[]): Promise<string> => {
      rmSync(join(cwd, 'b.case.json'), { force: true })
      const { status, err } = await retrace(cwd, 'case', run, '--out', 'b.case.json', '--workspace', 'ws', ...args)
      expect(status).toBe(0)
      return err
    }
    expect(await noted('--expect', 'outcome,Event.info')).toBe('')
    expect(await noted('--expect', 'outcom')).toBe(
      'note “outcom” finds nothing in this run, which is what is expected (near it: outcome).\n'
    )
    expect(await noted('--expect', 'Event.Nothing.{n}')).toBe(
      'note “Event.Nothing.{n}” finds nothing in this run, which is what is expected.\n'
    )
    expect(await noted('--workflow-file', 'workflow.json')).toBe('')
    expect(await noted('--workflow-file', 'gone.json')).toBe('note The workflow gone.json is not there.\n')
    expect(await noted('--workflow-file', 'event.json')).toContain('note event.json: this is not a MISP workflow')
    put(cwd, 'other.json', workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }))
    expect(await noted('--workflow-file', 'other.json')).toContain(
      'note Expected the outcome “blocked”, but it is “success”'
    )
  }, 60_000)

  it('may name a workflow of the workspace, whose own cases need no folder', async () => {
    const { cwd, run } = await ran(guard)
    await retrace(cwd, 'import', 'workflow.json', '--workspace', 'ws')
    const made = await retrace(cwd, 'case', run, '--out', 'ws/cases/a.case.json', '--workspace', 'ws', '--by-name')
    expect([made.status, made.err]).toEqual([0, ''])
    expect(read(cwd, 'ws/cases/a.case.json')).toMatchObject({ workflowName: 'guard' })
    const own = await retrace(cwd, 'test', '--workspace', 'ws')
    expect([own.status, own.out]).toEqual([0, '1 case: 1 passed\n'])
    await retrace(cwd, 'new', 'workspace', 'other')
    const { status, out } = await retrace(cwd, 'test', 'ws/cases', '--workspace', 'other', '--json')
    const reasons = ['The workspace has no workflow “guard”.']
    expect([status, JSON.parse(out)]).toMatchObject([1, { cases: [{ state: 'stale', reasons }] }])
  }, 60_000)

  it('keeps a captured run, with the end that MISP posted', async () => {
    const cwd = folder()
    put(cwd, 'workflow.json', guard)
    put(cwd, 'event.json', eventOf(1, ['tlp:red']))
    await retrace(cwd, 'run', 'workflow.json', '--data', 'event.json', '--raw', '--posts', 'posts.ndjson')
    await retrace(cwd, 'import', 'posts.ndjson', '--workspace', 'ws')
    const none = await retrace(cwd, 'case', 'c-1', '--out', 'a.case.json', '--workspace', 'ws')
    expect([none.status, none.err]).toEqual([
      3,
      expect.stringContaining('error CASE_NOT_MADE: The workspace has no workflow')
    ])
    await retrace(cwd, 'import', 'workflow.json', '--workspace', 'ws')
    const made = await retrace(cwd, 'case', 'c-1', '--out', 'a.case.json', '--workspace', 'ws')
    expect([made.status, made.err]).toEqual([0, ''])
    expect(read(cwd, 'a.case.json')['expect']).toMatchObject({ outcome: 'blocked', path: ['2 true', '3 failed'] })
    expect((await retrace(cwd, 'test', 'a.case.json')).status).toBe(0)
  }, 60_000)
})

const minimal = {
  format: 'retrace.case',
  version: 1,
  workflow: guard,
  input: eventOf(1, ['tlp:red']),
  expect: { outcome: 'blocked' }
}

describe('test', () => {
  it('passes the examples', async () => {
    const { status, out } = await retrace(
      folder(),
      'test',
      fileURLToPath(new URL('../../../resources/cases', import.meta.url))
    )
    expect([status, out]).toEqual([0, '2 cases: 2 passed\n'])
  }, 60_000)

  it('tells what is otherwise, in four ways', async () => {
    const cwd = folder()
    put(cwd, 'a.case.json', { ...minimal, name: 'one that <passes> # &' })
    put(cwd, 'b.case.json', { ...minimal, expect: { outcome: 'success', path: ['2 false', '4'] } })
    put(cwd, 'c.case.json', { ...minimal, mocks: { webhook: {} } })
    put(cwd, 'd.case.json', { ...minimal, expect: {} })
    const human = await retrace(cwd, 'test', '.')
    expect(human.status).toBe(1)
    expect(human.out).toContain('failed  b  b.case.json  first at step 1, node 2')
    expect(human.out).toContain('4 cases: 1 passed, 1 failed, 1 stale, 1 broken')
    const json = JSON.parse((await retrace(cwd, 'test', '.', '--json')).out) as { readonly cases: readonly JsonMap[] }
    expect(json).toMatchObject({ passed: 1, failed: 3 })
    expect(json.cases.map(({ state, step }) => [state, step])).toEqual([
      ['passed', null],
      ['failed', 1],
      ['stale', null],
      ['broken', null]
    ])
    const tap = (await retrace(cwd, 'test', '.', '--reporter', 'tap')).out
    expect(tap).toMatch(/^TAP version 14\n1\.\.4\nok 1 - one that <passes> \\# & \(a\.case\.json\)\nnot ok 2 - b/)
    const junit = (await retrace(cwd, 'test', '.', '--reporter', 'junit')).out
    expect(junit).toContain('<testsuites name="retrace test" tests="4" failures="1" errors="2">')
    expect(junit.match(/<testcase /g)).toHaveLength(4)
    expect(junit).toContain('<error type="stale" message="Nothing asks for mocks.webhook.">')
  }, 60_000)

  it('takes some of them, and stops at the first that fails', async () => {
    const cwd = folder()
    for (const name of ['a', 'b', 'c'])
      put(cwd, `${name}.case.json`, { ...minimal, expect: { outcome: name === 'c' ? 'blocked' : 'success' } })
    const cases = async (...more: readonly string[]) => {
      const { status, out } = await retrace(cwd, 'test', '.', '--json', ...more)
      return [status, (JSON.parse(out) as { readonly cases: readonly JsonMap[] }).cases.map(({ name }) => name)]
    }
    expect(await cases('--bail')).toEqual([1, ['a']])
    expect((await retrace(cwd, 'test', '.', '--bail')).out).toContain('3 cases: 0 passed, 1 failed, 2 not run\n')
    expect(await cases('--filter', 'c.case')).toEqual([0, ['c']])
    const twice = await retrace(
      cwd,
      'test',
      'c.case.json',
      './c.case.json',
      join(cwd, 'c.case.json'),
      '.',
      '--filter',
      'c'
    )
    expect(twice.out).toContain('1 passed, 2 failed')
    expect((await retrace(cwd, 'test', '.', '--filter', 'nothing')).status).toBe(3)
    expect((await retrace(folder(), 'test', '.')).status).toBe(3)
    expect((await retrace(cwd, 'test', 'gone')).status).toBe(3)
  }, 60_000)

  it('says of a link that is called a case that it is one, and which folders it does not follow', async () => {
    const cwd = folder()
    put(cwd, 'in/a.case.json', minimal)
    put(cwd, 'out/b.case.json', minimal)
    symlinkSync('nowhere', join(cwd, 'in/gone.case.json'))
    symlinkSync('a.case.json', join(cwd, 'in/link.case.json'))
    symlinkSync(join(cwd, 'out'), join(cwd, 'in/out'))
    const { status, out, err } = await retrace(cwd, 'test', 'in')
    expect([status, err]).toEqual([1, 'note in/out is a link to a folder, which is not followed\n'])
    expect(out.split('\n')).toEqual([
      'broken  gone  in/gone.case.json',
      '  in/gone.case.json cannot be read: it is a link.',
      'broken  link  in/link.case.json',
      '  in/link.case.json cannot be read: it is a link.',
      '3 cases: 1 passed, 2 broken',
      ''
    ])
    const named = await retrace(cwd, 'test', 'in/gone.case.json')
    const said = 'error FILE_NOT_FOUND: in/gone.case.json cannot be read: it is a link to nothing.\n'
    expect([named.status, named.err]).toEqual([3, said])
  }, 60_000)

  itLocked('runs the rest of a folder in which something may not be read', () => {
    const cwd = folder()
    for (const name of ['a.case.json', 'b.case.json', 'sub/deep/c.case.json']) put(cwd, `in/${name}`, minimal)
    const { status, out } = retraceLocked(cwd, ['in/b.case.json', 'in/sub/deep'], 'test', 'in')
    expect([status, out.split('\n')]).toEqual([
      1,
      [
        'broken  b  in/b.case.json',
        '  in/b.case.json cannot be read: it may not be read.',
        'broken  deep  in/sub/deep',
        '  in/sub/deep cannot be read: it may not be read.',
        '3 cases: 1 passed, 2 broken',
        ''
      ]
    ])
  })

  it('asks nobody in CI, nor without a terminal', async () => {
    const cwd = folder()
    put(cwd, 'a.case.json', { ...minimal, expect: { outcome: 'success' } })
    const before = readFileSync(join(cwd, 'a.case.json'), 'utf8')
    const { status, err } = await inProcess(cwd, 'test', '.', '--update')
    expect([status, err]).toEqual([3, expect.stringContaining('error COMMAND_INVALID: --update')])
    expect(readFileSync(join(cwd, 'a.case.json'), 'utf8')).toBe(before)
  }, 60_000)

  itWithSignals(
    'watches: a save runs that case again, and a saved workflow those that use it',
    async () => {
      const cwd = folder()
      const { workflow: _workflow, ...rest } = minimal
      put(cwd, 'guard.json', guard)
      put(cwd, 'a.case.json', minimal)
      put(cwd, 'b.case.json', { ...rest, workflowFile: 'guard.json' })
      symlinkSync('/nowhere', join(cwd, 'link.case.json'))
      const { until, end } = watching(cwd, '.')
      await until('watching')
      put(cwd, 'a.case.json', { ...minimal, expect: { outcome: 'success' } })
      await until('1 case: 0 passed, 1 failed')
      put(cwd, 'guard.json', workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }))
      await until('1 case: 0 passed, 1 failed')
      // A folder is watched from when it is made on.
      mkdirSync(join(cwd, 'new'))
      put(cwd, 'a.case.json', minimal)
      await until('1 case: 1 passed')
      put(cwd, 'new/c.case.json', minimal)
      await until('1 case: 1 passed')
      expect(await end()).toBe(0)
    },
    60_000
  )

  itWithSignals(
    'watches a folder while it is away, and a case whose workflow is not there yet',
    async () => {
      const cwd = folder()
      const { workflow: _workflow, ...rest } = minimal
      put(cwd, 'deep/in/a.case.json', { ...rest, workflowFile: 'guard.json' })
      const { until, end } = watching(cwd, 'deep/in')
      await until('watching')
      put(cwd, 'deep/in/guard.json', guard)
      await until('1 case: 1 passed')
      // As git does it between two branches.
      rmSync(join(cwd, 'deep'), { recursive: true })
      put(cwd, 'deep/in/b.case.json', { ...minimal, expect: { outcome: 'success' } })
      await until('1 case: 0 passed, 1 failed')
      put(cwd, 'deep/in/b.case.json', minimal)
      await until('1 case: 1 passed')
      expect(await end()).toBe(0)
    },
    60_000
  )

  itWithSignals(
    'watches files that were named while one of them is away',
    async () => {
      const cwd = folder()
      put(cwd, 'a.case.json', minimal)
      put(cwd, 'b.case.json', minimal)
      const { until, end } = watching(cwd, 'a.case.json', 'b.case.json')
      await until('watching')
      rmSync(join(cwd, 'a.case.json'))
      put(cwd, 'b.case.json', { ...minimal, expect: { outcome: 'success' } })
      await until('1 case: 0 passed, 1 failed')
      put(cwd, 'a.case.json', { ...minimal, name: 'back' })
      await until('1 case: 1 passed')
      expect(await end()).toBe(0)
    },
    60_000
  )
})

/** `retrace test --watch`, and what it prints. */
function watching(cwd: string, ...places: readonly string[]) {
  const child = execFile(process.execPath, [script, 'test', ...places, '--watch'], { cwd, env })
  let out = ''
  let wake = (): void => undefined
  const told = (text: string): void => {
    out += text
    wake()
  }
  child.stdout?.on('data', told)
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      told('ended')
      resolve(code)
    })
  )
  return {
    async until(text: string): Promise<void> {
      while (!out.includes(text)) {
        if (out.endsWith('ended')) throw new Error(`it ended, and did not say ${text}: ${out}`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
      out = ''
    },
    end(): Promise<number | null> {
      child.kill('SIGINT')
      return ended
    }
  }
}
