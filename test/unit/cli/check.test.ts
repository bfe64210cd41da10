// `retrace check` over files and folders: rules, places, formats, what was accepted.
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Log } from 'sarif'
import type { JsonMap } from '../../../src/contract/json.ts'
import { rules } from '../../../src/contract/rules.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'
import { itLocked, retraceLocked } from './unprivileged.ts'

const folder = temporaryFolders()
beforeAll(() => void builtWorker())

const project = fileURLToPath(new URL('../../..', import.meta.url))
const readJson = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object
const isSarif = (() => {
  const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore' })
  ajv.addMetaSchema(readJson(join(project, 'node_modules/ajv/lib/refs/json-schema-draft-04.json')))
  return ajv.compile(readJson(join(project, 'test/fixtures/sarif/sarif-2.1.0-rtm.5.json')))
})()

/** A folder with these files. */
function put(files: Readonly<Record<string, JsonMap | string>>): string {
  const root = folder()
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  }
  return root
}

const trigger = { type: 'trigger', module: 'event-publish', to: { output_1: [2] } } as const
/** A parameter that is none, a template that is none, a node that is never reached. */
const faulty = workflowOf(
  {
    1: trigger,
    2: { type: 'action', module: 'webhook', params: { url: 'http://x.test', payload: '{{ a', colour: 'red' } },
    3: { type: 'action', module: 'push-zmq' }
  },
  'faulty'
)
const cyclic = workflowOf({
  1: trigger,
  2: { type: 'action', module: 'push-zmq', to: { output_1: [3] } },
  3: { type: 'action', module: 'push-zmq', to: { output_1: [2] } }
})
const blueprint = (data: JsonMap, row: JsonMap = {}): JsonMap => {
  const { 1: _trigger, _frames, ...nodes } = (data.Workflow as JsonMap).data as JsonMap
  return { WorkflowBlueprint: { name: 'piece', description: '', data: Object.values(nodes), ...row } }
}

interface Row {
  readonly ruleId: string
  readonly file: string
  readonly nodeId: number | null
  readonly parameter: string | null
  readonly line: number
  readonly column: number
}

async function listed(root: string, ...more: readonly string[]): Promise<readonly Row[]> {
  const { out, err } = await retrace(root, 'check', '.', '--format', 'json', ...more)
  expect(err).not.toMatch(/^error/m)
  return JSON.parse(out) as Row[]
}

describe('retrace check', () => {
  it('names rule, node, parameter and the place in the file', async () => {
    const root = put({ 'a/faulty.json': faulty, 'event.json': eventOf(1), 'tool.json': '{ // none of ours' })
    const rows = await listed(root)
    const text = readFileSync(join(root, 'a/faulty.json'), 'utf8').split('\n')
    expect(rows.map(({ ruleId, nodeId, parameter }) => [ruleId, nodeId, parameter])).toEqual([
      ['UNREACHABLE', 3, null],
      ['PARAM_UNKNOWN', 2, 'colour'],
      ['TEMPLATE_INVALID', 2, 'payload']
    ])
    expect(new Set(rows.map(({ file }) => file))).toEqual(new Set(['a/faulty.json']))
    expect(rows.slice(1).map(({ line, column }) => text[line - 1]?.slice(column - 1))).toEqual(['"red"', '"{{ a",'])
    expect(text[rows[0]!.line]).toContain('"id": 3')
  })

  it('prints SARIF that the schema takes, with every rule in it', async () => {
    const root = put({ 'faulty.json': faulty, 'with space/cyclic.json': cyclic, 'damaged.json': '{"Workflow": {' })
    const { status, out } = await retrace(root, 'check', '.', '--format', 'sarif')
    expect(status).toBe(3)
    const log = JSON.parse(out) as Log
    isSarif(log)
    expect(isSarif.errors).toBeNull()
    const [run] = log.runs
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(Object.keys(rules))
    const results = run?.results ?? []
    for (const { ruleId, ruleIndex } of results) expect(run?.tool.driver.rules?.[ruleIndex ?? -1]?.id).toBe(ruleId)
    const cycle = results.find(({ ruleId }) => ruleId === 'CYCLE')
    const place = cycle?.locations?.[0]?.physicalLocation
    expect(cycle).toMatchObject({ level: 'error' })
    expect(place?.artifactLocation?.uri).toBe('with%20space/cyclic.json')
    const text = readFileSync(join(root, 'with space/cyclic.json'), 'utf8').split('\n')
    // The connection itself, which names the node that it leads to.
    expect(text.slice((place?.region?.startLine ?? 0) - 1, place?.region?.endLine).join('')).toMatch(/^\s*\{\s*"node"/)
    expect(results.find(({ ruleId }) => ruleId === 'WORKFLOW_INVALID')).toMatchObject({
      locations: [{ physicalLocation: { artifactLocation: { uri: 'damaged.json' } } }]
    })
    isSarif({ ...log, version: '2.0.0' })
    expect(isSarif.errors).not.toBeNull()
  })

  it('takes lists, workspace files and nodes kept as text, and of a workspace the newest version', async () => {
    const own = (workflow: JsonMap): JsonMap => ({ format: 'retrace.workflow', version: 1, workflow, text: null })
    const row = faulty.Workflow as JsonMap
    const root = put({
      'list.json': { response: [guard, faulty] },
      'text.json': { Workflow: { ...row, data: JSON.stringify(row.data) } },
      'ws/workflows/w/1.json': own(cyclic),
      'ws/workflows/w/2.json': own(guard),
      'ws/workflows/w/10.json': own(faulty)
    })
    const rows = await listed(root)
    expect([...new Set(rows.map(({ file }) => file))]).toEqual(['list.json', 'text.json', 'ws/workflows/w/10.json'])
    expect(rows.filter(({ ruleId }) => ruleId === 'UNREACHABLE')).toHaveLength(3)
    const text = readFileSync(join(root, 'list.json'), 'utf8').split('\n')
    const inList = rows.find(({ file, ruleId }) => file === 'list.json' && ruleId === 'PARAM_UNKNOWN')
    expect(text[(inList?.line ?? 0) - 1]).toContain('"colour": "red"')
  })

  it('says nothing of the trigger that a blueprint gets only for the check', async () => {
    const two = workflowOf({
      1: trigger,
      2: { type: 'action', module: 'push-zmq' },
      3: { type: 'action', module: 'push-zmq' }
    })
    const publish = workflowOf({ 1: trigger, 2: { type: 'action', module: 'publish-event', params: {} } })
    const root = put({
      'two.json': blueprint(two),
      'publish.json': blueprint(publish),
      'named.json': blueprint(publish, { description: '[event-publish] says so' }),
      'cyclic.json': blueprint(cyclic)
    })
    expect((await listed(root)).map(({ file, ruleId }) => [file, ruleId])).toEqual([
      ['cyclic.json', 'CYCLE'],
      ['named.json', 'RECURSION']
    ])
  })

  it('has status 1 for errors and with --strict for warnings, 3 for nothing to check', async () => {
    const root = put({ 'faulty.json': faulty, 'none/event.json': eventOf(1), 'damaged.json': '{"Workflow": {' })
    const status = async (...args: string[]): Promise<number> => (await retrace(root, 'check', ...args)).status
    expect(await status('faulty.json')).toBe(0)
    expect(await status('faulty.json', '--strict')).toBe(1)
    expect(await status('none')).toBe(3)
    expect(await status('nowhere')).toBe(3)
    expect(await status('faulty.json', '--format', 'xml')).toBe(3)
  })

  it('has status 3 for a file that cannot be read in every form, alone, among others and in a folder', async () => {
    const conflict = `<<<<<<< HEAD\n${JSON.stringify(guard)}\n=======\n>>>>>>> other\n`
    const root = put({ 'in/conflict.json': conflict, 'in/cyclic.json': cyclic, 'fine.json': guard })
    for (const places of [['in/conflict.json'], ['in/conflict.json', 'fine.json'], ['in'], ['.']])
      for (const form of [[], ['--json'], ...['human', 'json', 'sarif'].map((one) => ['--format', one])]) {
        const { status, out, err } = await retrace(root, 'check', ...places, ...form)
        expect([places, form, status]).toEqual([places, form, 3])
        expect(out + err).toContain('Git left a conflict in it')
      }
    const accepted = {
      version: 1,
      suppress: [{ rule: 'WORKFLOW_INVALID', file: 'in/conflict.json', reason: 'merging' }]
    }
    writeFileSync(join(root, '.retrace.json'), JSON.stringify(accepted))
    for (const form of [[], ['--json'], ['--format', 'sarif']])
      expect((await retrace(root, 'check', 'in/conflict.json', ...form)).status).toBe(0)
  })

  it('counts what was read, and says what of a folder was left out and why', async () => {
    const cut = JSON.stringify(guard)
    const root = put({
      'in/guard.json': guard,
      'in/half.json': cut.slice(0, cut.length / 2),
      'in/cut.json': cut.slice(0, 8),
      'in/event.json': eventOf(1),
      'in/a.case.json': `<<<<<<< HEAD\n{"format": "retrace.case", "workflow": ${cut}}\n=======\n>>>>>>> b\n`,
      'in/b.case.json': { format: 'retrace.case', version: 1, workflow: guard }
    })
    symlinkSync('nowhere', join(root, 'in/link.json'))
    symlinkSync(root, join(root, 'in/loop'))
    const { status, out, err } = await retrace(root, 'check', 'in')
    expect([status, out.trimEnd().split('\n').at(-1)]).toEqual([3, '1 error, 0 warnings in 1 workflow of 2 files'])
    expect(err.trimEnd().split('\n')).toEqual([
      'note 2 JSON files are neither workflow nor blueprint, left out',
      'note left out, as they cannot be read as JSON: in/a.case.json, in/cut.json',
      'note left out, as links are not followed: in/link.json, in/loop'
    ])
  })

  it('names which workflow of a file a problem is in, by its place where the name does not tell', async () => {
    const twin = { Workflow: { ...(cyclic.Workflow as JsonMap), name: 'twin' } }
    const none = { Workflow: { ...(faulty.Workflow as JsonMap), name: '', data: 5 } }
    const root = put({ 'list.json': JSON.stringify([twin, faulty, twin, none]) })
    const { out, status } = await retrace(root, 'check', 'list.json', '--format', 'human')
    expect(out.match(/^list\.json.*$/gm)).toEqual([
      'list.json  twin (0)',
      'list.json  faulty',
      'list.json  twin (2)',
      'list.json  (3)'
    ])
    expect([status, out.trimEnd().split('\n').at(-1)]).toEqual([
      3,
      expect.stringMatching(/^3 errors, \d+ warnings in 3 workflows of 1 file$/)
    ])
  })

  it('says which entry of a list is no workflow, and checks the others', async () => {
    const root = put({ 'in/list.json': JSON.stringify([cyclic, eventOf(1)]), 'error.json': { errors: 'Not found' } })
    const { status, out, err } = await retrace(root, 'check', 'in')
    expect([status, err]).toEqual([3, ''])
    expect(out).toMatch(/^in\/list\.json {2}\(1\)\nerror {3}WORKFLOW_INVALID.*\n.*it looks like an event/m)
    expect(out).toMatch(/^2 errors, \d+ warnings? in 1 workflow of 1 file$/m)
    expect((await retrace(root, 'check', 'in/list.json')).err).toContain('in/list.json holds 2 entries; pick one')
    expect((await retrace(root, 'check', 'in/list.json', '--pick', '0', '--json')).status).toBe(1)
    expect((await retrace(root, 'check', 'error.json')).err).toContain('it looks like an error that MISP answered')
  })

  itLocked('names what may not be read with its path, and checks the rest', () => {
    const root = put({ 'in/a.json': guard, 'in/deep/sub/b.json': guard, 'c.json': cyclic })
    const locked = ['in/a.json', 'in/deep/sub']
    const all = retraceLocked(root, locked, 'check', '.')
    expect([all.status, all.err]).toEqual([3, ''])
    for (const what of [
      'in/a.json cannot be read: it may not be read.',
      'in/deep/sub cannot be read: it may not be read.'
    ])
      expect(all.out).toContain(what)
    expect(all.out).toContain('in 1 workflow of 2 files')
    for (const file of ['in/a.json', 'in/deep/sub', 'in/deep/sub/b.json']) {
      const { status, err } = retraceLocked(root, locked, 'check', file)
      expect([status, err]).toEqual([3, `error FILE_UNREADABLE: ${file} cannot be read: it may not be read.\n`])
    }
  })

  const blueprints = join(project, '..', 'shared', 'data', 'blueprints')
  it.skipIf(!existsSync(blueprints))('reads every published blueprint, without an error', async () => {
    const { status, out } = await retrace(project, 'check', blueprints)
    expect(status).toBe(0)
    expect(out).toContain(`in ${readdirSync(blueprints).length} workflows of ${readdirSync(blueprints).length} files`)
  })
})

describe('.retrace.json', () => {
  const accept = (...suppress: readonly JsonMap[]): JsonMap => ({ version: 1, suppress: [...suppress] })

  it('accepts problems of its folder with a reason', async () => {
    const root = put({
      'a/faulty.json': faulty,
      'b/faulty.json': faulty,
      '.retrace.json': accept({ rule: 'PARAM_UNKNOWN', reason: 'old' }),
      'a/.retrace.json': accept(
        { rule: 'UNREACHABLE', file: 'faulty.json', nodes: [3], reason: 'parked' },
        { rule: 'TEMPLATE_INVALID', nodes: [7], reason: 'no such node' }
      )
    })
    const rows = await listed(root)
    expect(rows.map(({ file, ruleId }) => [file, ruleId])).toEqual([
      ['a/faulty.json', 'TEMPLATE_INVALID'],
      ['b/faulty.json', 'UNREACHABLE'],
      ['b/faulty.json', 'TEMPLATE_INVALID'],
      ['a/.retrace.json', 'SUPPRESSION_UNUSED']
    ])
    const { runs } = JSON.parse((await retrace(root, 'check', '.', '--format', 'sarif')).out) as Log
    const accepted = runs[0]?.results?.filter(({ suppressions }) => suppressions !== undefined) ?? []
    expect(accepted.map(({ suppressions }) => suppressions?.[0]?.justification)).toEqual(['parked', 'old', 'old'])
    // Of a file alone only what is about that file can be of no use.
    const { out } = await retrace(root, 'check', 'b/faulty.json')
    expect(out).toMatch(/0 errors, 2 warnings, 1 suppressed$/m)
  })

  it('does not hide a node that a problem has come to beside the accepted ones', async () => {
    const worse = workflowOf({
      1: trigger,
      2: { type: 'action', module: 'push-zmq' },
      3: { type: 'action', module: 'push-zmq' },
      4: { type: 'action', module: 'push-zmq' }
    })
    const root = put({ 'w.json': worse, '.retrace.json': accept({ rule: 'UNREACHABLE', nodes: [3], reason: 'x' }) })
    expect((await listed(root)).map(({ ruleId }) => ruleId)).toEqual(['UNREACHABLE', 'SUPPRESSION_UNUSED'])
  })

  it('is not looked for above the folder where one works', async () => {
    const root = put({
      'in/faulty.json': faulty,
      '.retrace.json': accept({ rule: 'UNREACHABLE', reason: 'from outside' })
    })
    const { out } = await retrace(join(root, 'in'), 'check', '.', '--format', 'json')
    expect((JSON.parse(out) as Row[]).map(({ ruleId }) => ruleId)).toContain('UNREACHABLE')
  })

  it.each<[string, JsonMap | string, RegExp]>([
    ['no JSON', '{', /: \.retrace\.json is not valid JSON/],
    ['an unknown rule', accept({ rule: 'CYCLES', reason: 'x' }), /suppress\[0\]\.rule: there is no rule “CYCLES”/],
    ['no reason', accept({ rule: 'CYCLE' }), /suppress\[0\]\.reason: it is missing\.$/m],
    ['an empty reason', accept({ rule: 'CYCLE', reason: ' ' }), /suppress\[0\]\.reason: say why/],
    [
      'a field that is none',
      accept({ rule: 'CYCLE', reason: 'x', node: 3 }),
      /suppress\[0\]: a \.retrace\.json has no “node” here\.$/m
    ],
    [
      'a wrong kind',
      accept({ rule: 'CYCLE', reason: 5 }),
      /suppress\[0\]\.reason: a \.retrace\.json has a text here\.$/m
    ],
    ['no list', { version: 1 }, /suppress: it is missing\.$/m],
    ['no object', '5', /\.retrace\.json: a \.retrace\.json has an object here\.$/m],
    [
      'a node that is none',
      accept({ rule: 'CYCLE', reason: 'x', nodes: [null] }),
      /nodes\[0\]: a \.retrace\.json has a number here\.$/m
    ],
    ['no nodes', accept({ rule: 'CYCLE', reason: 'x', nodes: [] }), /suppress\[0\]\.nodes: it is empty\.$/m],
    ['no version', { suppress: [] }, /version: a \.retrace\.json has 1 here\.$/m],
    ['a newer version', { version: 2, suppress: [] }, /a newer Retrace/],
    ['its own rule', accept({ rule: 'SUPPRESSION_UNUSED', reason: 'x' }), /cannot be suppressed/]
  ])('with %s ends the check', async (_what, content, message) => {
    const { status, err } = await retrace(put({ 'w.json': guard, '.retrace.json': content }), 'check', '.')
    expect(status).toBe(3)
    expect(err).toMatch(/^error SUPPRESSION_INVALID: /)
    expect(err).toMatch(message)
  })
})

describe('a rule', () => {
  it('has a severity, a title, what MISP does and what to do', () => {
    for (const [id, { severity, title, why, fix }] of Object.entries(rules)) {
      expect(id).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
      expect(['error', 'warning']).toContain(severity)
      for (const text of [title, why, fix]) expect(text.length, id).toBeGreaterThan(5)
    }
  })

  it('that are no text end the check, with the file named once', async () => {
    const root = put({ 'w.json': guard, '.retrace.json': '' })
    writeFileSync(join(root, '.retrace.json'), Buffer.from([0xff, 0xfe]))
    const { status, err } = await retrace(root, 'check', '.')
    expect([status, err]).toEqual([
      3,
      expect.stringMatching(/^error SUPPRESSION_INVALID: \S*\.retrace\.json is not UTF-8 text\.$/m)
    ])
  })
})
