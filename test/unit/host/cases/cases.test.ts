// Cases as a person writes them: they run, say what is otherwise and from where on, and what is wrong with one is told by file and place.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { caseShape } from '../../../../src/contract/case.ts'
import type { CaseResult } from '../../../../src/contract/case.ts'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { findCases } from '../../../../src/host/cases/case-files.ts'
import { CaseReader } from '../../../../src/host/cases/case-reader.ts'
import { testCase } from '../../../../src/host/cases/test-case.ts'
import { eventOf, guard, workflowOf } from '../samples.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()

const minimal = {
  ...{ format: 'retrace.case', version: 1, workflow: guard, input: eventOf(1, ['tlp:red']) },
  expect: { outcome: 'blocked', message: 'too red' }
} as const

const webhook = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: {
    type: 'action',
    module: 'webhook',
    params: { url: 'https://hook.example.org/a', content_type: 'json', request_method: 'post', payload: '{"a":1}' }
  }
})

function tested(value: Json, beside: { readonly [name: string]: Json } = {}): CaseResult {
  const cwd = folder()
  for (const [name, other] of Object.entries(beside)) writeFileSync(join(cwd, name), JSON.stringify(other))
  const path = join(cwd, 'one.case.json')
  writeFileSync(path, JSON.stringify(value))
  return testCase(new CaseReader(), { path, name: 'one.case.json' }, undefined).result
}

describe('a case', () => {
  it('that was written by hand runs', () => {
    expect(tested(minimal)).toMatchObject({ name: 'one', state: 'passed', differences: [], step: null, reasons: [] })
  })

  it('tells the first step that differs', () => {
    const expect_ = { outcome: 'success', path: ['2 false', '4'], values: [{ path: 'Event.info', is: 'x' }] }
    const result = tested({ ...minimal, expect: expect_ })
    expect(result).toMatchObject({ state: 'failed', step: 1, nodeId: 2 })
    expect(
      result.differences.map(({ in: place, path, before, after, step }) => [place, path, before, after, step])
    ).toEqual([
      ['result', 'outcome', 'success', 'blocked', 1],
      ['result', 'path.0', '2 false', '2 true', 1],
      ['output', 'Event.info', 'x', 'sample event', 2]
    ])
  })

  it('tells what is not there from what is null', () => {
    const values = [
      { path: 'Event.nope', is: 'x' },
      { path: 'Event.info.more', is: 'x' },
      { path: 'Event.empty', is: 'x' }
    ]
    const { Event } = eventOf(1, ['tlp:red']) as { readonly Event: object }
    const { differences } = tested({
      ...{ ...minimal, input: { Event: { ...Event, empty: null } } as Json },
      expect: { values, effects: [{ kind: 'mail' }] }
    })
    expect(differences.map(({ text, op }) => `${op}: ${text}`)).toEqual([
      'removed: Missing: mail',
      'removed: Event.nope was expected to be x, and is not there',
      'removed: Event.info.more was expected to be x, and is not there',
      'changed: Event.empty was expected to be x, and is null'
    ])
  })

  it('tells of an effect what it lacks, at its step', () => {
    const { differences } = tested({
      ...{ ...minimal, workflow: webhook, mocks: { webhook: { status: 200 } } },
      expect: { effects: [{ kind: 'http', url: 'https://other.example.org/', json: { a: 1, b: 2 } }] }
    })
    expect(differences.map(({ text, step }) => [step, text.replace(/^.*?: /, '')])).toEqual([
      [1, 'url was expected to be https://other.example.org/, and is https://hook.example.org/a'],
      [1, 'json.b was expected to be 2, and is not there']
    ])
  })

  it('refers to files of its own folder', () => {
    const { workflow: _workflow, input: _input, ...rest } = minimal
    const given = { ...rest, workflowFile: 'guard.json', inputFile: 'event.json' }
    expect(tested(given, { 'guard.json': guard, 'event.json': eventOf(1, ['tlp:red']) as Json }).state).toBe('passed')
    expect(tested(given, { 'event.json': eventOf(1) as Json })).toMatchObject({
      state: 'stale',
      reasons: ['The workflow guard.json is not there.']
    })
  })

  it.each([
    ['json', '../event.json', 'inputFile: “../event.json” is not in the folder of the case'],
    ['absolute', '/etc/passwd', 'inputFile: “/etc/passwd” is not in the folder of the case'],
    ['backslashes', 'a\\..\\..\\x', 'is not in the folder of the case']
  ])('reads nothing outside of its folder: %s', (_what, inputFile, said) => {
    const { input: _input, ...rest } = minimal
    const { state, reasons } = tested({ ...rest, inputFile })
    expect([state, reasons[0]]).toEqual(['broken', expect.stringContaining(said)])
  })

  it('follows no link out of its folder', () => {
    const [cwd, other] = [folder(), folder()]
    writeFileSync(join(other, 'event.json'), JSON.stringify(eventOf(1, ['tlp:red'])))
    symlinkSync(other, join(cwd, 'sub'))
    symlinkSync(join(other, 'event.json'), join(cwd, 'event.json'))
    const { input: _input, ...rest } = minimal
    for (const inputFile of ['sub/event.json', 'event.json']) {
      const path = join(cwd, 'one.case.json')
      writeFileSync(path, JSON.stringify({ ...rest, inputFile }))
      expect(testCase(new CaseReader(), { path, name: 'one' }, undefined).result.state).toBe('broken')
    }
  })

  it.each([
    [{ ...minimal, expect: {} }, 'one.case.json at expect: nothing is expected'],
    [{ ...minimal, expect: { outcome: 'sucess' } }, 'at expect.outcome: a case has success or blocked or '],
    [{ ...minimal, expect: { outcome: 'success', message: 'x' } }, 'one.case.json at expect.message: '],
    [{ ...minimal, expect: { values: [{ path: 'Event.{x}', is: 1 }] } }, 'one.case.json at expect.values[0].path: '],
    [{ ...minimal, workflowFile: 'x.json' }, 'one.case.json at workflow: '],
    [{ ...minimal, input: 'x' }, 'one.case.json at input: '],
    [{ ...minimal, more: 1 }, 'one.case.json: a case has no “more” here'],
    [{ ...minimal, expect: undefined, expects: {} } as never, 'one.case.json: a case has no “expects” here'],
    [{ ...minimal, expect: undefined } as never, 'one.case.json at expect: it is missing'],
    [{ ...minimal, version: '1' }, 'one.case.json at version: a case has 1 here'],
    [{ ...minimal, expect: { path: [2] } }, 'one.case.json at expect.path[0]: a case has a text here'],
    [{ ...minimal, profile: '9' }, 'one.case.json at profile: '],
    [{ ...minimal, version: 2 }, 'one.case.json at version: the case was written by a newer Retrace'],
    [{ ...minimal, workflow: { data: 1 } }, 'one.case.json: workflow at data: '],
    [[], 'one.case.json: a case is a JSON object']
  ] as readonly (readonly [Json, string])[])('that is wrong is told by file and place: %#', (value, said) => {
    const { state, reasons } = tested(value)
    expect([state, reasons[0]]).toEqual(['broken', expect.stringContaining(said)])
  })

  it('in which git left a conflict says so', () => {
    const path = join(folder(), 'one.case.json')
    const text = JSON.stringify(minimal, null, 2)
    const [first, ...lines] = text.split('\n')
    for (const start of [[], [first]]) {
      const conflict = [
        ...start,
        '<<<<<<< ours',
        '"version": 1,',
        '=======',
        '"version": 2,',
        '>>>>>>> theirs',
        ...lines
      ]
      writeFileSync(path, conflict.join('\n'))
      const { state, reasons } = testCase(new CaseReader(), { path, name: 'one' }, undefined).result
      expect([state, reasons[0]]).toEqual(['broken', expect.stringContaining('Git left a conflict in it')])
    }
  })

  it('needs an answer for each request, and tells the nearest one', () => {
    const given = { ...minimal, workflow: webhook, expect: { outcome: 'success' } }
    expect(tested({ ...given, mocks: { webhook: { status: 200 } } }).state).toBe('passed')
    const request = { kind: 'http', method: 'POST', url: 'https://hook.example.org/b' }
    const answers = [{ node: 2, request, answer: { status: 200, body: '' } }]
    const { state, differences } = tested({ ...given, answers })
    expect([state, differences[0]?.text]).toEqual([
      'failed',
      expect.stringMatching(
        /^No answer fits the request http .*of node 2: the nearest is answers\[0\], but (method|url) is /
      )
    ])
  })

  it('tells of mocks that nothing asks for, and of values that can never be there', () => {
    expect(tested({ ...minimal, mocks: { webhook: {} } })).toMatchObject({
      state: 'stale',
      reasons: ['Nothing asks for mocks.webhook.']
    })
    const values = [{ path: 'Event.info', is: 'sample event', after: 99 }]
    expect(tested({ ...minimal, expect: { values } })).toMatchObject({ state: 'stale' })
  })

  it('tells of settings that MISP does not have, or not so', () => {
    const settings = { 'MISP.baseurl': 'https://x.test', 'MISP.baseurll': 'x', 'MISP.live': { on: true } }
    const said = (name: string): string => `settings: MISP has no “${name}”, or not with such a value.`
    expect(tested({ ...minimal, secrets: ['MISP.redis_password', 'Nope'] }).reasons).toEqual([said('Nope')])
    expect(tested({ ...minimal, settings })).toMatchObject({
      state: 'stale',
      reasons: [said('MISP.baseurll'), said('MISP.live')]
    })
  })

  it.each([
    ['name', { name: '' }, 'name: it is empty.'],
    ['cascade', { cascade: -1 }, 'cascade: a case has at least 0 here.'],
    ['a list', { answers: 5 }, 'answers: a case has a list here.'],
    ['as', { as: 'no-trigger' }, 'MISP 2.5.1 has no trigger “no-trigger”.'],
    ['now', { now: 'yesterday' }, 'now: a case has a time here, as 2025-01-01T00:00:00Z.'],
    [
      'path',
      { expect: { values: [{ path: 'Event.Tag.{n', is: 1 }] } },
      '“{n” has one of “{” and “}” without the other.'
    ]
  ])('says in plain words what is wrong with %s', (_what, more, said) => {
    const { state, reasons } = tested({ ...minimal, ...more })
    expect([state, reasons[0]]).toEqual(['broken', expect.stringContaining(said)])
  })

  it('says of a path, effects and changes which nodes of them are gone', () => {
    const told = (expected: JsonMap) => {
      const { state, reasons } = tested({ ...minimal, expect: expected })
      return [state, reasons]
    }
    const because = (what: string) => [`The workflow has no node 99, so ${what} can never come about.`]
    expect(told({ path: ['2 true', '99 failed'] })).toEqual(['failed', because('its step of the path')])
    expect(told({ path: ['2 true', 'job 1: 99'] })).toEqual(['failed', because('its step of the path')])
    expect(told({ effects: [{ node: 99, kind: 'zmq' }] })).toEqual(['failed', because('an effect of it')])
    const changes = [{ node: 99, table: 'tags', op: 'added', row: {} }]
    expect(told({ changes })).toEqual(['failed', because('a change by it')])
    expect(told({ path: ['2 false', '3'], outcome: 'blocked' })).toEqual(['failed', []])
  })

  it('runs no module that came with it', () => {
    const own = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'own' }
    })
    const definition = {
      ...{ id: 'own', module_type: 'action', name: 'own', version: '1', description: '', icon: '', icon_class: '' },
      ...{ inputs: 1, outputs: 1, blocking: false, expect_misp_core_format: false, support_filters: false },
      ...{ multiple_output_connection: false, is_misp_module: false, is_custom: true, saved_filters: [], params: [] }
    }
    const modules = [
      {
        definition,
        source: 'process.exit(9)',
        calls: [
          [
            ['error', 'said'],
            ['return', true]
          ]
        ]
      }
    ]
    const given = { ...minimal, workflow: own, modules, expect: { path: ['2'] } } as unknown as Json
    expect(tested(given).state).toBe('passed')
  })
})

describe('a folder of cases', () => {
  it('has those that are called so or say so, and follows no link', () => {
    const cwd = folder()
    mkdirSync(join(cwd, 'sub'))
    const put = (name: string, value: JsonMap): void => writeFileSync(join(cwd, name), JSON.stringify(value))
    put('a.case.json', {})
    put('sub/b.json', minimal)
    put('event.json', { Event: {} })
    put('C.CASE.JSON', {})
    put('D.JSON', minimal)
    symlinkSync(cwd, join(cwd, 'loop'))
    expect(findCases([cwd]).map(({ name }) => name.slice(cwd.length + 1))).toEqual([
      'C.CASE.JSON',
      'D.JSON',
      'a.case.json',
      'sub/b.json'
    ])
  })
})

describe('the JSON schema', () => {
  it('knows the keys that a case may have', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../../resources/case.schema.json', import.meta.url), 'utf8')
    ) as {
      readonly properties: JsonMap
      readonly required: readonly string[]
    }
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(caseShape.shape).sort())
  })
})
