// The command line as scripts see it: exit statuses, shapes, errors.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../../src/contract/json.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceIn } from './here.ts'
import { retrace as inProcess, retraceIn as withInput } from './retrace.ts'

const folder = temporaryFolders()
beforeAll(() => void builtWorker())

const retrace = (args: readonly string[], input?: string, cwd?: string) => retraceIn({ cwd, input }, ...args)

/** Files of one test. */
function files(content: Readonly<Record<string, Json | string>>): Record<string, string> {
  const root = folder()
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => {
      const file = join(root, `${name}.json`)
      writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
      return [name, file]
    })
  )
}

describe('retrace run', () => {
  it('exits 0 on success and 1 when blocked, and shows the steps', async () => {
    const { workflow, quiet, red } = files({ workflow: guard, quiet: eventOf(2), red: eventOf(2, ['tlp:red']) })
    const success = await inProcess(folder(), 'run', workflow ?? '', '--data', quiet ?? '')
    expect([success.status, success.err]).toEqual([0, ''])
    expect(success.out).toMatch(/1 {2}tag-if .*no \(output 2\)[\s\S]*2 {2}push-zmq .* ok[\s\S]*success {2}2 steps/)
    expect(success.out).toContain('Every module of the workflow is enabled.')
    const blocked = await inProcess(folder(), 'run', workflow ?? '', '--data', red ?? '')
    expect(blocked.status).toBe(1)
    expect(blocked.out).toContain('too red')
    expect(blocked.out).toContain('The event was not published.')
  })

  it('prints one event a line with --json, from standard input too', async () => {
    const { workflow } = files({ workflow: guard })
    const { status, out } = await retrace(
      ['run', workflow ?? '', '--data', '-', '--json'],
      JSON.stringify({ response: [eventOf(1), eventOf(2)] })
    )
    expect(status).toBe(3)
    const picked = await withInput(
      { input: JSON.stringify({ response: [eventOf(1), eventOf(2)] }) },
      ...['run', workflow ?? '', '--data', '-', '--json', '--index', '1']
    )
    const events = picked.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; seq: number; data: { outcome?: string } })
    expect(out).toBe('')
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i))
    expect(events.find(({ type }) => type === 'run.finished')?.data.outcome).toBe('success')
  })

  it('writes the posts that MISP would send', async () => {
    const { workflow, data } = files({ workflow: guard, data: eventOf(1) })
    const posts = join(folder(), 'posts.ndjson')
    await retrace(['run', workflow ?? '', '--data', data ?? '', '--posts', posts, '--now', '2024-10-21T12:00:00Z'])
    const lines = readFileSync(posts, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { at: string; method: string; target: string; body: string })
    expect(lines.map(({ target }) => target)).toEqual([
      '/event-publish/init?type=blocking',
      '/event-publish/exec/tag-if?result=success',
      '/event-publish/exec/push-zmq?result=success',
      '/event-publish/end?outcome=success'
    ])
    expect(lines[0]?.at).toMatch(/^2024-10-21T12:00:00\.\d{3}Z$/)
    expect(JSON.parse(lines[1]?.body ?? '')).toMatchObject({
      source: { module_id: 'tag-if' },
      timestamp: '2024-10-21T12:00:00+00:00'
    })
  })

  it('exits 2 when a PHP Error aborts the run and 4 when nobody can tell', async () => {
    const without = { Event: { id: '1', info: 'x' } }
    const template = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'generic-filter-nothing' }
    })
    const { workflow, data } = files({ workflow: template, data: without })
    const unknown = await retrace(['run', workflow ?? '', '--data', data ?? ''])
    expect(unknown.out).toContain('unknown module')
    const typeError = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'logic', module: 'generic-filter-reset', params: { 'filtering-label': 'A' }, to: { output_1: [3] } },
      3: { type: 'logic', module: 'generic-filter-reset', params: { 'filtering-label': 'A' }, to: { output_1: [] } }
    })
    const broken = files({ workflow: typeError, data: without })
    const aborted = await retrace(['run', broken.workflow ?? '', '--data', broken.data ?? ''])
    expect([aborted.status, aborted.out.includes('aborted')]).toEqual([2, true])
  })
})

describe('bad input', () => {
  it.each([
    ['not JSON', { workflow: '{"a": 1,,}', data: {} }, 'INPUT_NOT_JSON'],
    ['no workflow', { workflow: { hello: 'world' }, data: {} }, 'WORKFLOW_INVALID'],
    [
      'no trigger',
      { workflow: workflowOf({ 1: { type: 'action', module: 'push-zmq' } }), data: {} },
      'WORKFLOW_NO_TRIGGER'
    ],
    [
      'a cycle',
      {
        workflow: workflowOf({
          1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
          2: { type: 'logic', module: 'generic-if', to: { output_1: [2] } }
        }),
        data: {}
      },
      'WORKFLOW_CYCLE'
    ],
    ['data that is no object', { workflow: guard, data: '"text"' }, 'INPUT_NOT_OBJECT'],
    ['1,000 levels', { workflow: guard, data: `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}` }, 'INPUT_TOO_DEEP']
  ])('exits 3 with a coded error that names the file: %s', async (_name, content, code) => {
    const { workflow, data } = files(content as Record<string, Json>)
    const { status, out, err } = await retrace(['run', workflow ?? '', '--data', data ?? ''])
    expect([status, out]).toEqual([3, ''])
    expect(err).toMatch(new RegExp(`^error ${code}: .*\\.json.*\\n$`))
    expect(err).not.toMatch(/\bat .*\.m?[jt]s/)
  })

  it('says what is wrong with a command line', async () => {
    expect((await retrace(['fly'])).err).toBe(
      'error COMMAND_INVALID: There is no command “fly”. `retrace help` lists them.\n'
    )
    const missing = await retrace(['run'])
    expect([
      missing.status,
      missing.err.startsWith('error COMMAND_INVALID: An argument is missing. Usage: retrace run WORKFLOW')
    ]).toEqual([3, true])
    expect((await retrace(['run', 'x', '--nope'])).status).toBe(3)
    expect((await retrace(['run', '/nowhere.json', '--data', '/nowhere.json'])).err).toContain('error FILE_NOT_FOUND')
  })

  it('treats `__proto__` as an ordinary key', async () => {
    const { workflow, data } = files({
      workflow: guard,
      data: '{"Event": {"id": "1", "info": "x", "__proto__": {"polluted": true}}}'
    })
    expect((await retrace(['run', workflow ?? '', '--data', data ?? ''])).status).toBe(0)
  })
})

describe('other commands', () => {
  it('follow hash paths', async () => {
    const { data } = files({ data: eventOf(2) })
    const extracted = await retrace(['hash', 'extract', 'Event.Attribute.{n}.value', '--data', data ?? ''])
    expect(JSON.parse(extracted.out)).toEqual(['198.51.0.0', '198.51.0.1'])
    const got = await retrace(['hash', 'get', 'Event.Attribute.1.value', '--data', data ?? ''])
    expect(JSON.parse(got.out)).toBe('198.51.0.1')
    const explained = await retrace(['hash', 'extract', 'Event.Attributes.{n}', '--data', data ?? '', '--explain'])
    expect(JSON.parse(explained.out)).toMatchObject({
      results: 0,
      stoppedAt: 1,
      keysThere: expect.arrayContaining(['Attribute'])
    })
  })

  it('normalise data and list modules', async () => {
    const { data } = files({ data: eventOf(2, ['tlp:red']) })
    const normalized = JSON.parse((await retrace(['normalize', 'event-publish', '--data', data ?? ''])).out)
    expect(normalized.Event._AttributeFlattened).toHaveLength(2)
    expect((await retrace(['normalize', 'nope', '--data', data ?? ''])).err).toContain('TRIGGER_UNKNOWN')
    const modules = JSON.parse((await retrace(['modules', '--json'])).out) as { id: string }[]
    expect(modules.map(({ id }) => id)).toEqual(expect.arrayContaining(['event-publish', 'tag-if', 'webhook']))
    expect(JSON.parse((await retrace(['modules', 'tag-if', '--json'])).out)).toMatchObject({
      id: 'tag-if',
      module_type: 'logic'
    })
  })

  it('check a workflow', async () => {
    const fine = files({ workflow: guard })
    expect((await retrace(['check', fine.workflow ?? ''])).status).toBe(0)
    const loop = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'logic', module: 'generic-if', to: { output_1: [1] } }
    })
    const cyclic = files({ workflow: loop })
    const { status, out } = await retrace(['check', cyclic.workflow ?? '', '--json'])
    const report = JSON.parse(out) as { errors: { edges: Json }[]; warnings: Json[] }
    expect(status).toBe(1)
    expect(report.errors.length).toBeGreaterThan(0)
  })

  it('run one module alone', async () => {
    const { params, data } = files({
      params: { scope: 'event', condition: 'in_or', tags: ['tlp:red'], clusters: [] },
      data: eventOf(1, ['tlp:red'])
    })
    const { status, out } = await retrace([
      'module',
      'tag-if',
      '--params',
      params ?? '',
      '--data',
      data ?? '',
      '--convert',
      '--json'
    ])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ success: true, branch: 'output_1', errors: [] })
    expect((await retrace(['module', 'nope', '--data', data ?? ''])).status).toBe(4)
  })

  it('make a workspace and a module', async () => {
    const cwd = folder()
    const made = await retrace(['new', 'workspace', 'mine'], undefined, cwd)
    expect(made.out.trim().split('\n')).toEqual(
      ['capture', 'catalogue.json', 'data', 'modules', 'runs', 'workflows'].map((name) => join('mine', name))
    )
    expect((await retrace(['new', 'workspace', 'mine'], undefined, cwd)).err).toContain('FILE_EXISTS')
    expect((await retrace(['new', 'module', 'shout'], undefined, cwd)).out.trim()).toBe('shout.ts\nretrace-module.d.ts')
  })

  it('bring the examples along, leave those that are there, and overwrite none', async () => {
    const cwd = folder()
    const names = ['event-tlp-green.json', 'event.json', 'posts.ndjson', 'workflow.json']
    const printed = `${names.map((name) => join('examples', name)).join('\n')}\n`
    expect((await retrace(['new', 'examples'], undefined, cwd)).out).toBe(printed)
    rmSync(join(cwd, 'examples', 'event.json'))
    expect((await retrace(['new', 'examples'], undefined, cwd)).out).toBe(printed)
    writeFileSync(join(cwd, 'examples', 'workflow.json'), '{}')
    rmSync(join(cwd, 'examples', 'event.json'))
    const refused = await retrace(['new', 'examples'], undefined, cwd)
    expect([refused.status, refused.err]).toEqual([3, expect.stringMatching(/FILE_EXISTS: examples.workflow\.json/)])
    expect(readFileSync(join(cwd, 'examples', 'workflow.json'), 'utf8')).toBe('{}')
    expect((await retrace(['new', 'examples', 'other'], undefined, cwd)).status).toBe(0)
    expect((await retrace(['new', 'workspace'], undefined, cwd)).err).toMatch(/COMMAND_INVALID: The name/)
  })
})
