// What an update of MISP changes for a workflow: before it runs, and over inputs.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { engineDifferences, engineRule } from '../../../src/engine/profiles/rules.ts'
import { profileIds } from '../../../src/engine/profiles/profiles.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { open } = hosting()
const trigger = { type: 'trigger', module: 'event-publish', to: { output_1: [2] } } as const

const tagger = workflowOf({
  1: trigger,
  2: {
    ...{ type: 'action', module: 'tag_operation', to: { output_1: [3] } },
    params: { scope: 'event', action: 'add', locality: 'local', tags: ['seen'], relationship_type: '' }
  },
  3: {
    ...{ type: 'logic', module: 'tag-if', to: { output_1: [4] } },
    params: { scope: 'event', condition: 'in_or', tags: ['seen'], clusters: [] }
  },
  4: { type: 'action', module: 'stop-execution', params: { message: 'seen' } }
}) as Json
const replacer = workflowOf({
  1: trigger,
  2: { type: 'action', module: 'tag_replacement_tlp', params: { scope: 'event', locality: 'local' } }
}) as Json
const event = (tags: readonly string[] = []): JsonMap => {
  const { Event } = eventOf(1) as { Event: JsonMap }
  return { Event: { ...Event, Tag: tags.map((name, i) => ({ id: String(i + 1), name, local: false })) } }
}

async function compare(workflow: Json, data: JsonMap, from: string, to: string, options: JsonMap = {}) {
  return ask(await open(), 'upgrade.compare', { workflow: { json: workflow }, data: { json: data }, from, to, options })
}

describe('upgrade.compare', () => {
  it('names the node where two versions part, and the rule of a module', async () => {
    expect(await compare(tagger, event(), '2.5.1', '2.5-newest')).toMatchObject({
      ...{ state: 'different', nodeId: 3, before: 'false; success', after: 'true; blocked' },
      rules: [{ name: 'tag_operation 0.2' }]
    })
    expect(await compare(replacer, event(['TLP:RED']), '2.5.1', '2.5.19')).toMatchObject({
      ...{ state: 'different', nodeId: 2, after: 'aborted (ArgumentCountError)' },
      rules: [{ name: 'tag_replacement_*, assign_country' }]
    })
  })

  it('names a rule of the engine', async () => {
    const loose = workflowOf({
      1: trigger,
      2: {
        ...{ type: 'logic', module: 'generic-if', to: { output_2: [3] } },
        params: { operator: 'equals', value: 'abc', hash_path: 'Event.number' }
      },
      3: { type: 'action', module: 'stop-execution', params: { message: 'no' } }
    }) as Json
    const { Event } = event() as { Event: JsonMap }
    const found = await compare(loose, { Event: { ...Event, number: 0 } }, '2.4.198', '2.5.1', { raw: true })
    expect(found.state === 'different' ? found.rules.map(({ name }) => name) : found).toEqual(['PHP 7.4'])
  })

  it('says what stays, what only changes data, and what is no input', async () => {
    const plain = workflowOf({ 1: trigger, 2: { type: 'action', module: 'push-zmq' } }) as Json
    expect(await compare(plain, event(), '2.5.1', '2.5-newest')).toEqual({
      state: 'same',
      outcome: 'success',
      dataAt: null
    })
    const tagsOnly = workflowOf({ 1: trigger, 2: nodeTwo }) as Json
    expect(await compare(tagsOnly, event(), '2.5.1', '2.5.19')).toEqual({
      state: 'same',
      outcome: 'success',
      dataAt: 2
    })
    expect(await compare(plain, { errors: 'x' }, '2.5.1', '2.5.19')).toMatchObject({ state: 'refused' })
  })

  it('says that a version has no such trigger', async () => {
    const adHoc = workflowOf({ 1: { type: 'trigger', module: 'adhoc_1' } }) as Json
    expect(await compare(adHoc, event(), '2.5.1', '2.5.19')).toMatchObject({
      ...{ state: 'different', nodeId: null, before: 'no such trigger', after: 'runs' }
    })
  })
})

const nodeTwo = {
  type: 'action',
  module: 'tag_operation',
  params: { scope: 'event', action: 'add', locality: 'local', tags: ['seen'], relationship_type: '' }
} as const

describe('upgrade.look', () => {
  it('tells modules that change, come and go, parameters that are gone, and what the editor would warn about', async () => {
    const host = await open()
    const look = (workflow: Json, from: string, to: string) =>
      ask(host, 'upgrade.look', { workflow: { json: workflow }, from, to })
    const newer = await look(replacer, '2.5.1', '2.5.19')
    expect(newer.modules).toMatchObject([{ nodeId: 2, moduleId: 'tag_replacement_tlp', state: 'changed' }])
    expect(newer.warnings.map(({ code }) => code)).toContain('MODULE_ABORTS')
    const hook = workflowOf({
      1: trigger,
      2: { type: 'action', module: 'webhook', params: { url: 'http://x.test', payload: 'a' } }
    }) as Json
    const older = await look(hook, '2.5.1', '2.4.177')
    expect(older.modules).toMatchObject([{ moduleId: 'webhook', state: 'changed', before: '0.7', after: '0.4' }])
    expect(older.goneParams).toMatchObject([{ nodeId: 2, params: ['payload'] }])
    const filter = workflowOf({ 1: trigger, 2: { type: 'logic', module: 'filter-tag' } }) as Json
    expect((await look(filter, '2.5.1', '2.5.19')).modules).toMatchObject([{ state: 'new', before: null }])
    expect((await look(filter, '2.5.19', '2.5.1')).modules).toMatchObject([{ state: 'gone', after: null }])
    expect((await look(filter, '2.5.1', '2.5.1')).modules).toEqual([])
  })
})

describe('upgrade.report', () => {
  it('groups the runs of the workspace’s data and runs', async () => {
    const host = await open()
    const { id } = await ask(host, 'workflows.save', { workflow: tagger })
    for (const name of ['a', 'b']) await ask(host, 'data.import', { name, text: JSON.stringify(event()) })
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { workflowId: id }, data: { json: event(['seen']) } }
    })
    await finished(host, runId)
    const { from, to, workflows } = await ask(host, 'upgrade.report', { from: '2.5.1', to: '2.5.24' })
    expect([from, to]).toEqual(['2.5.1', '2.5-newest'])
    expect(workflows).toHaveLength(1)
    expect(workflows[0]).toMatchObject({
      ...{ id, refused: 0, same: 1 },
      groups: [{ nodeId: 3, count: 2, rules: [{ name: 'tag_operation 0.2' }] }]
    })
    await expect(ask(host, 'upgrade.report', { from: '2.5.1', to: 'x' })).rejects.toThrow('PROFILE_UNKNOWN')
  })
})

describe('rules', () => {
  it('have a name for everything in which two profiles differ', () => {
    for (const from of profileIds)
      for (const to of profileIds)
        for (const key of engineDifferences(from, to)) expect(engineRule(key).name, key).not.toBe('')
    expect(engineDifferences('2.5.1', '2.5.1')).toEqual([])
  })
})
