// Ids come from files of a workspace that somebody else made, and from calls. None of them may lead out of the folder.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { operations } from '../../src/contract/operations.ts'
import { errorTable } from '../../src/contract/errors.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { isLong, scale } from './scale.ts'

const { folder, open } = hosting()

const hostile = [
  ...['../../..', '../outside/victim', '..', '.', '/etc/passwd', 'a/../../outside/victim', '..\\..\\outside', 'C:\\x'],
  ...[
    'CON',
    'nul.json',
    'com1',
    'trailing.',
    ' lead',
    '.hidden',
    'nul\u0000byte',
    'x'.repeat(5000),
    '\ud800',
    'a\nb',
    ''
  ]
]
const uuid = '11111111-2222-4333-8444-555555555555'
const workflow = {
  Workflow: {
    name: 'w',
    data: {
      '1': {
        id: 1,
        name: 'Event publish',
        data: { id: 'event-publish', module_type: 'trigger' },
        inputs: {},
        outputs: {},
        class: 'block-type-trigger'
      }
    }
  }
}

/** Every file below a folder, with its content; of links where they lead. */
function snapshot(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const info = lstatSync(path)
    found[path] = info.isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : info.isFile()
        ? readFileSync(path, 'utf8')
        : 'folder'
  }
  return found
}

/** A folder with a workspace and, beside it, what nobody may touch. */
function scene(): { workspace: string; outside: string } {
  const root = folder()
  const [workspace, outside] = [join(root, 'workspace'), join(root, 'outside')]
  for (const name of ['victim', 'victim/data', 'victim/1']) mkdirSync(join(outside, name), { recursive: true })
  for (const name of ['victim.json', 'victim.meta.json', 'victim.ndjson', 'victim/1.json', 'catalogue.json'])
    writeFileSync(join(outside, name), '{"precious":true}')
  mkdirSync(workspace)
  return { workspace, outside }
}

const put = (file: string, content: unknown): void => {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

const summary = (id: string) => ({
  ...{
    id,
    origin: 'local',
    source: null,
    state: 'done',
    outcome: 'success',
    outcomeText: '',
    trigger: 'event-publish'
  },
  ...{
    workflowId: null,
    workflowName: null,
    event: null,
    startedAt: '2024-10-21T08:00:00.000Z',
    durationMs: 1,
    steps: 1
  },
  ...{ errors: 0, effects: 0, worldChanges: 0, size: 1, name: null, pinned: false, parent: null, confidence: null },
  ...{ deletedAt: null, words: '' }
})

describe('ids in files', () => {
  it.each(hostile.map((id) => [JSON.stringify(id).slice(0, 30), id] as const))(
    'lead nowhere: %s',
    async (_shown, id) => {
      const { workspace, outside } = scene()
      put(join(workspace, 'data/d.json'), { Event: { info: 'x' } })
      put(join(workspace, 'data/d.meta.json'), {
        format: 'retrace.data',
        version: 1,
        id,
        name: 'n',
        size: 1,
        importedAt: 'x',
        events: []
      })
      put(join(workspace, 'workflows/w/1.json'), {
        format: 'retrace.workflow',
        version: 1,
        id,
        number: 7,
        savedAt: 'x',
        note: '',
        workflow
      })
      put(join(workspace, 'drafts/w.json'), {
        format: 'retrace.draft',
        version: 1,
        workflowId: id,
        base: 1,
        at: 'x',
        workflow
      })
      put(join(workspace, `blueprints/${uuid}.json`), {
        format: 'retrace.blueprint',
        version: 1,
        default: false,
        blueprint: { uuid: id, name: 'b', data: [] },
        text: null
      })
      put(join(workspace, 'mocks/m.json'), {
        format: 'retrace.mocks',
        version: 1,
        id,
        name: 'm',
        workflowId: null,
        savedAt: 'x',
        mocks: {},
        pins: {},
        placeholders: {}
      })
      put(join(workspace, 'answers/a.json'), {
        format: 'retrace.answers',
        version: 1,
        id,
        name: 'a',
        importedAt: 'x',
        answers: []
      })
      put(
        join(workspace, 'runs/r.ndjson'),
        `${JSON.stringify({ format: 'retrace.run', version: 1, summary: summary(id), workflow: null, options: {} })}\n{"end":0}\n`
      )
      put(
        join(workspace, 'runs/index.ndjson'),
        `{"format":"retrace.run-index","version":1}\n${JSON.stringify({ run: summary(id) })}\n${JSON.stringify({ remark: { id, pinned: true } })}\n`
      )
      const before = snapshot(outside)
      const host = await open(workspace)
      const problems = () => host.workspace.problems.map(({ file }) => file)
      expect((await ask(host, 'data.list', {})).map((one) => one.id)).toEqual(['d'])
      expect((await ask(host, 'workflows.list', {})).map((one) => one.id)).toEqual(['w'])
      await ask(host, 'data.rename', { dataId: 'd', name: 'new' })
      await ask(host, 'workflows.save', { workflowId: 'w', workflow, note: '' })
      await ask(host, 'drafts.get', { workflowId: 'w' })
      await ask(host, 'drafts.save', { workflowId: 'w', base: 1, workflow })
      await ask(host, 'drafts.discard', { workflowId: 'w' })
      await ask(host, 'blueprints.list', {})
      await host.call('blueprints.delete', { uuid })
      await ask(host, 'mocks.list', {})
      await ask(host, 'answers.list', {})
      await ask(host, 'mocks.delete', { id: 'm' })
      for (const { id: runId } of host.workspace.runs.list({}, '', null, 10).runs) {
        await host.call('runs.get', { runId })
        await host.call('runs.rename', { runId, name: 'x' })
      }
      await ask(host, 'data.delete', { dataIds: ['d'] })
      await ask(host, 'workflows.delete', { workflowIds: ['w'] })
      for (const file of [
        'data/d.meta.json',
        'workflows/w/1.json',
        'mocks/m.json',
        `blueprints/${uuid}.json`,
        'answers/a.json'
      ])
        expect(problems()).toContain(file)
      await host.close()
      expect(snapshot(outside)).toEqual(before)
    }
  )
})

/** Params that give every id of an operation the hostile value, in the shapes of its schema. */
const paramsWith = (id: string): Record<string, unknown> => ({
  ...{
    id,
    workflowId: id,
    dataId: id,
    runId: id,
    uploadId: id,
    uuid: id,
    part: id,
    file: id,
    name: id,
    from: id,
    to: id,
    node: id
  },
  ...{
    workflowIds: [id],
    dataIds: [id],
    runIds: [id],
    ids: [id],
    files: [{ name: id, text: '{"WorkflowBlueprint":{"name":"x","uuid":"../../x","data":[]}}' }]
  },
  ...{
    base: 1,
    workflow,
    note: '',
    text: '{}',
    version: 1,
    data: { dataId: id },
    trigger: id,
    kind: 'action',
    language: 'ts',
    on: true
  },
  ...{
    mocks: {},
    pins: {},
    placeholders: {},
    repository: false,
    force: false,
    moduleId: id,
    path: [],
    offset: 0,
    limit: 10,
    format: 'json'
  },
  ...{
    options: { mockSet: id, effects: { policy: 'recorded', recordedFrom: id } },
    params: {},
    nodeId: 1,
    step: 0,
    which: 'input'
  }
})

describe('ids in calls', () => {
  it('lead nowhere, in every operation', async () => {
    const { workspace, outside } = scene()
    const host = await open(workspace)
    const before = snapshot(outside)
    const answers = { refused: 0, answered: 0 }
    for (const [turn, id] of hostile.entries()) {
      for (const [at, [name, operation]] of Object.entries(operations).entries()) {
        // A third of them to each operation in the short form.
        if (!isLong && (turn + at) % 3 !== 0) continue
        // It waits for addresses of the network, and has no id.
        if (name === 'takeover.fetch') continue
        const all = paramsWith(id)
        const shape = (operation.params as { shape?: Record<string, unknown> }).shape
        const params =
          shape === undefined
            ? all
            : Object.fromEntries(Object.keys(shape).flatMap((key) => (key in all ? [[key, all[key]]] : [])))
        const answer = await host.call(name, params)
        if (answer.ok) answers.answered++
        else {
          answers.refused++
          expect([name, id, answer.error.code, Object.keys(errorTable).includes(answer.error.code)]).toEqual([
            name,
            id,
            expect.not.stringMatching('INTERNAL') as string,
            true
          ])
        }
      }
    }
    await host.close()
    expect(snapshot(outside)).toEqual(before)
    expect(readdirSync(join(workspace, '..')).sort()).toEqual(['outside', 'workspace'])
    expect(answers.refused).toBeGreaterThan(scale(150, 500))
  })

  it('of one name in other letters are refused, because some systems take them for one', async () => {
    const host = await open()
    await ask(host, 'workflows.save', { workflowId: 'mine', workflow, note: '' })
    const answer = await host.call('workflows.save', { workflowId: 'MINE', workflow, note: '' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'PARAMS_INVALID' } })
    expect(
      (await ask(host, 'workflows.save', { workflow: { Workflow: { ...workflow.Workflow, name: 'con' } }, note: '' }))
        .id
    ).not.toBe('con')
  })
})

describe('links in a workspace', () => {
  const folders = [
    'workflows',
    'data',
    'runs',
    'capture',
    'modules',
    'drafts',
    'blueprints',
    'mocks',
    'answers',
    'watches',
    'search',
    'world',
    '.uploads',
    'capture/bodies',
    'capture/logs',
    'runs/outlines'
  ]
  it.each(folders)('that lead out are not followed for writing: %s', async (name) => {
    const { workspace, outside } = scene()
    mkdirSync(join(workspace, name, '..'), { recursive: true })
    symlinkSync(outside, join(workspace, name))
    const before = snapshot(outside)
    const host = await open(workspace)
    expect(host.workspace.problems).toContainEqual(expect.objectContaining({ file: name, keptAs: `${name}.bad` }))
    const { id } = await ask(host, 'workflows.save', { workflow, note: '' })
    await ask(host, 'drafts.save', { workflowId: id, base: 1, workflow })
    await ask(host, 'data.import', { name: 'victim', text: '{}' })
    await ask(host, 'mocks.save', { name: 'victim', workflowId: null, mocks: {}, pins: {}, placeholders: {} })
    await ask(host, 'customModules.create', { id: 'victim', kind: 'action', language: 'js' })
    await ask(host, 'takeover.import', {
      name: 'tags.json',
      text: '{"Tag":[{"id":"1","name":"x","colour":"#000000"}]}',
      newWorld: false
    })
    await host.close()
    expect(snapshot(outside)).toEqual(before)
  })

  it('made while it is open are not followed either', async () => {
    const { workspace, outside } = scene()
    const host = await open(workspace)
    symlinkSync(outside, join(workspace, 'drafts'))
    symlinkSync(join(outside, 'victim.json'), join(workspace, 'retrace.log'))
    const before = snapshot(outside)
    const answer = await host.call('drafts.save', { workflowId: 'victim', base: 1, workflow })
    expect(answer).toMatchObject({ ok: false, error: { code: 'STORE_WRITE_FAILED' } })
    await host.close()
    expect(snapshot(outside)).toEqual(before)
  })
})

describe.skipIf(process.platform === 'win32')('what Retrace creates', () => {
  it('is for its user alone', async () => {
    const { workspace } = scene()
    const host = await open(workspace)
    const { id } = await ask(host, 'workflows.save', { workflow, note: '' })
    await ask(host, 'drafts.save', { workflowId: id, base: 1, workflow })
    await ask(host, 'data.import', { name: 'event', text: '{}' })
    await ask(host, 'mocks.save', { name: 'm', workflowId: null, mocks: {}, pins: {}, placeholders: {} })
    await ask(host, 'customModules.create', { id: 'mine', kind: 'action', language: 'js' })
    await ask(host, 'data.delete', { dataIds: ['event'] })
    await host.close()
    const loose = readdirSync(workspace, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => (statSync(path).mode & 0o077) !== 0)
    expect(loose).toEqual([])
  })
})
