// What an update of MISP changes for a workflow: before it runs, and over inputs.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { sameWords } from '../../../src/contract/tried.ts'
import { causeWords, differWords } from '../../../src/contract/upgrade.ts'
import { modulesOf } from '../../../src/engine/modules/table.ts'
import { profileIds } from '../../../src/engine/profiles/profiles.ts'
import { engineDifferences, engineRule } from '../../../src/engine/profiles/rules.ts'
import { isSame, rulesOf } from '../../../src/host/worker/tried/module-versions.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'
import { blankSummary } from '../../../src/engine/replay/run-facts.ts'
import type { RunSummary } from '../../../src/contract/run-views.ts'

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
      ...{ state: 'different', nodeId: 3, before: 'false, then success', after: 'true, then blocked' },
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

  it('names the rule that decided, not another one of the same name', async () => {
    const announce = workflowOf({
      1: trigger,
      2: {
        type: 'action',
        module: 'mattermost',
        params: { mattermost_hostname: 'https://chat.test', channel_id: 'c', message_template: '{{ Event.info }}' }
      }
    }) as Json
    const found = await compare(announce, event(), '2.5-newest', '2.4.177')
    expect(found).toMatchObject({
      state: 'different',
      nodeId: 2,
      rules: [{ name: 'templates: which parameters render' }]
    })
    const text = 'rules' in found ? found.rules[0]?.text : ''
    expect(text).toBe(
      'MISP 2.5-newest: every parameter marked jinja_supported is rendered as a template. MISP 2.4.177: only the comment, mail and Telegram modules render templates.'
    )
  })

  it('tells which change of a module it was, where that changed more than once', async () => {
    const onGroups = workflowOf({
      1: trigger,
      2: {
        ...{ type: 'logic', module: 'distribution-if', to: { output_1: [3] } },
        params: { scope: 'event', condition: 'equals', distribution: '4', sharing_group_id: [] }
      },
      3: { type: 'action', module: 'stop-execution', params: { message: 'groups' } }
    }) as Json
    const { Event } = event() as { Event: JsonMap }
    const shared = { Event: { ...Event, distribution: '4', sharing_group_id: '1' } }
    const rulesOf = async (from: string, to: string) => {
      const found = await compare(onGroups, shared, from, to, { raw: true })
      return found.state === 'different' ? found.rules.map(({ name }) => name) : found.state
    }
    expect(await rulesOf('2.4.177', '2.5.1')).toEqual(['distribution-if 0.2'])
    expect(await rulesOf('2.5.1', '2.5.19')).toEqual(['distribution-if 0.3'])
    expect(await rulesOf('2.4.177', '2.5.19')).toBe('same')
  })

  it('does not hide that the same way ends with other texts', async () => {
    const stop = workflowOf({ 1: trigger, 2: { type: 'action', module: 'stop-execution', params: { message: 'no' } } })
    expect(await compare(stop as Json, event(), '2.4.177', '2.5.1')).toMatchObject({
      ...{ state: 'different', nodeId: 2, before: 'Execution stopped', after: 'no' },
      ...{ outcomes: ['blocked', 'blocked'], kind: ['reports an error', 'reports another error'] },
      rules: [{ name: 'stop-execution 0.1' }]
    })
  })

  it('names one rule for the node where they part, and what it takes until the end is the other one', async () => {
    const two = workflowOf({
      1: trigger,
      2: { type: 'action', module: 'telegram-send-alert', params: telegram, to: { output_1: [3] } },
      3: { ...nodeTwo, to: { output_1: [4] } },
      4: {
        ...{ type: 'logic', module: 'tag-if', to: { output_1: [5] } },
        params: { scope: 'event', condition: 'in_or', tags: ['seen'], clusters: [] }
      },
      5: { type: 'action', module: 'stop-execution', params: { message: '' } }
    }) as Json
    const options = { mocks: { 'telegram-send-alert': { status: 200, body: '{}' } } }
    expect(await compare(two, event(), '2.4.177', '2.5.19', options)).toMatchObject({
      ...{ state: 'different', nodeId: 2, rules: [{ name: 'telegram' }], endRules: [{ name: 'tag_operation 0.2' }] }
    })
  })

  it('names what ends the run otherwise in both directions, also a module that changed long before', async () => {
    const splunk = workflowOf({
      1: trigger,
      2: { type: 'action', module: 'telegram-send-alert', params: telegram, to: { output_1: [3] } },
      3: { type: 'action', module: 'splunk-hec-export', params: { url: 'http://splunk.test', hec_token: 't' } }
    }) as Json
    const options = { mocks: { 'telegram-send-alert': { status: 200, body: '{}' } } }
    for (const [from, to] of [
      ['2.4.177', '2.5-newest'],
      ['2.5-newest', '2.4.177']
    ] as const)
      expect(await compare(splunk, event(), from, to, options)).toMatchObject({
        ...{ nodeId: 2, rules: [{ name: 'telegram' }], endRules: [{ name: 'splunk-hec-export' }] }
      })
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

const telegram = { bot_token: 'secret-token-1', chat_id: '1', message_body_template: 'hello' }
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
    const odd = (module: string, params: JsonMap) =>
      look(workflowOf({ 1: trigger, 2: { type: 'action', module, params } }) as Json, '2.5.1', '2.4.177')
    // One that no version has is not gone, and is not named beside one that is.
    expect((await odd('webhook', { payload: 'a', nothing: 1 })).goneParams).toMatchObject([{ params: ['payload'] }])
    const toast = workflowOf({ 1: trigger, 2: { type: 'action', module: 'notify-user-toast', params: { nothing: 1 } } })
    expect((await look(toast as Json, '2.5.1', '2.5-newest')).goneParams).toEqual([])
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

  it('finds a workflow’s runs behind any number of newer ones of others, as the command does', async () => {
    const host = await open()
    const { id } = await ask(host, 'workflows.save', { workflow: tagger })
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { workflowId: id }, data: { json: event() } }
    })
    await finished(host, runId)
    const later = Array.from({ length: 5000 }, (_, i) => ({
      ...blankSummary(`c-${i}`, new Date(Date.now() + 1000 + i).toISOString()),
      ...{ origin: 'captured', state: 'done', outcome: 'success', trigger: 'user-before-login' }
    }))
    host.workspace.runs.putDerived(later as RunSummary[])
    const { workflows } = await ask(host, 'upgrade.report', { from: '2.5.1', to: '2.5.24' })
    expect(workflows[0]?.groups).toMatchObject([{ count: 1, examples: [runId] }])
  })
})

describe('sentences', () => {
  it('count in plain English', () => {
    const words = [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [2, 2]
    ].map(([same = 0, onlyData = 0]) => sameWords({ same, onlyData }))
    expect(words).toEqual([
      '',
      '1 run ends the same way',
      '1 run ends the same way, with different data on the way',
      '2 runs end the same way',
      '2 runs end the same way, 1 of them with different data on the way',
      '2 runs end the same way, each with different data on the way'
    ])
    const differ = (n: number, total: number) =>
      differWords(Array.from({ length: total }, (_, i) => ({ groups: (i < n ? [{}] : []) as never })))
    expect([differ(0, 1), differ(1, 1), differ(0, 2), differ(1, 2), differ(2, 2)]).toEqual([
      'no run goes differently',
      'runs of this workflow go differently',
      'no run goes differently',
      'runs of 1 of 2 workflows go differently',
      'runs of all 2 workflows go differently'
    ])
    const rule = (name: string) => ({ name, text: '' })
    expect([
      causeWords({ rules: [], endRules: null }),
      causeWords({ rules: [rule('a')], endRules: [] }),
      causeWords({ rules: [rule('a'), rule('b')], endRules: [rule('c')] }),
      causeWords({ rules: [rule('a')], endRules: null })
    ]).toEqual([
      'which change of MISP does that could not be told',
      'because of “a”',
      'because of “a” together with “b”; that it ends differently also takes “c”',
      'because of “a”; which change makes it end differently could not be told'
    ])
  })
})

describe('rules', () => {
  it('are there for every shipped module that differs, and say it of both versions', () => {
    for (const from of profileIds)
      for (const to of profileIds)
        for (const type of ['trigger', 'logic', 'action'] as const) {
          const lists = [from, to].flatMap((profile) => modulesOf(profile).list()[`modules_${type}`])
          for (const id of new Set(lists.map((one) => one.id))) {
            if (isSame({ from, to }, type, id)) continue
            const rules = rulesOf({ from, to }, type, id)
            expect(rules.length, id).toBeGreaterThan(0)
            for (const { text } of rules) expect(text, id).toMatch(/MISP 2\.[45]/)
          }
        }
  })

  it('have a name for everything in which two profiles differ', () => {
    for (const from of profileIds)
      for (const to of profileIds)
        for (const key of engineDifferences(from, to)) {
          const { name, text } = engineRule(key, from, to)
          expect(name, key).not.toBe('')
          // It says of each of the two versions what that does, which is not the same.
          const [, before = '', after = ''] = /^MISP \S+: (.*)\. MISP \S+: (.*)\.$/.exec(text) ?? []
          expect(before, text).not.toBe('')
          expect(after, text).not.toBe(before)
          expect(text.startsWith(`MISP ${from}: `) && text.includes(`MISP ${to}: `), text).toBe(true)
        }
    expect(engineDifferences('2.5.1', '2.5.1')).toEqual([])
  })
})
