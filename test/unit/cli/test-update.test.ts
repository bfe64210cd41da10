// `retrace test --update`: what was ticked becomes what is expected, and nothing else in the file changes.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assertAnswerable, updateOne } from '../../../src/cli/test-update.ts'
import type { Json } from '../../../src/contract/json.ts'
import { CaseReader } from '../../../src/host/cases/case-reader.ts'
import { testCase } from '../../../src/host/cases/test-case.ts'
import { eventOf, guard, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()

const given = {
  ...{ about: 'why', format: 'retrace.case', input: eventOf(1, ['tlp:green']), version: 1, workflow: guard },
  expect: {
    ...{ message: 'too red', outcome: 'blocked', path: ['2 true', '3 failed'] },
    effects: [{ kind: 'zmq', topic: 'other' }, { kind: 'mail' }],
    values: [
      { path: 'Event.info', is: 'another' },
      { path: 'Event.id', is: '8' }
    ]
  }
}

const updated = (...ticked: readonly string[]) => updatedOf(given, ...ticked)

/** Answers `yes` to questions that have one of the texts. */
async function updatedOf(
  one: object,
  ...ticked: readonly string[]
): Promise<{ readonly asked: readonly string[]; readonly after: Json }> {
  const path = join(folder(), 'a.case.json')
  writeFileSync(path, JSON.stringify(one))
  const asked: string[] = []
  const tested = testCase(new CaseReader(), { path, name: 'a.case.json' }, undefined)
  await updateOne(tested, async (question) => {
    asked.push(question)
    return ticked.some((text) => question.includes(text)) ? 'yes' : 'no'
  })
  return { asked, after: JSON.parse(readFileSync(path, 'utf8')) as Json }
}

const withExpected = (expected: object): Json =>
  ({ ...given, expect: { ...given.expect, ...expected } }) as unknown as Json

const post = (url: string, to: readonly number[] = []) => ({
  ...{ type: 'action' as const, module: 'webhook', to: { output_1: [...to] } },
  params: { url, content_type: 'json', request_method: 'post', payload: '{"a":1}' }
})
const answerOf = (node: number) => ({ node, answer: { status: 200, body: '' } })
/** Of its answers the second one is used, of the mocks the first of one list. */
const leftOver = {
  ...{ answers: [answerOf(9), answerOf(2), answerOf(8)], expect: { outcome: 'success' }, format: 'retrace.case' },
  ...{ input: eventOf(1), mocks: { 3: [{ status: 200 }, { status: 500 }], 'send-mail': {} }, version: 1 },
  workflow: workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: post('https://one.example.org/a', [3]),
    3: post('https://two.example.org/b')
  })
}

describe('--update of answers that nothing asks for', () => {
  it('asks about each, and removes those that were ticked and nothing else', async () => {
    const none = await updatedOf(leftOver)
    expect(none.asked.map((text) => /Nothing asks for (\S+)\./.exec(text)?.[1])).toEqual([
      ...['mocks.3[1]', 'mocks.send-mail', 'answers[0]', 'answers[2]']
    ])
    expect(none.after).toEqual(leftOver)
    const some = await updatedOf(leftOver, 'mocks.send-mail', 'answers[0]')
    expect(some.after).toEqual({
      ...leftOver,
      answers: [answerOf(2), answerOf(8)],
      mocks: { 3: [{ status: 200 }, { status: 500 }] }
    })
    const all = await updatedOf(leftOver, 'Nothing asks')
    expect(all.after).toEqual({ ...leftOver, answers: [answerOf(2)], mocks: { 3: [{ status: 200 }] } })
  })

  it('leaves no empty list', async () => {
    const { mocks: _mocks, ...rest } = leftOver
    const given = { ...rest, answers: [answerOf(9)], workflow: guard, expect: { outcome: 'success' } }
    const { answers: _answers, ...without } = given
    expect((await updatedOf(given, 'Nothing asks')).after).toEqual(without)
  })
})

describe('--update of a file that somebody laid out by hand', () => {
  const byHand = [
    '{',
    '\t"format": "retrace.case",  "version": 1,',
    '\t"name": "By hand", "about": "12345678901234567890 and {} stay",',
    '\t"workflow": WORKFLOW,',
    '\t"input": { "Event": { "info": "x", "id": 12345678901234567890, "Orgc": {}, "Tag": [{ "name": "tlp:red" }] } },',
    '\t"mocks": { "webhook": { "status": 200 }, "0": {} },',
    '\t"expect": { "outcome": "success", "path": ["2 false", "4"],',
    '\t\t"values": [{ "path": "Event.info", "is": "y" }] }',
    '}'
  ].map((line) => line.replace('WORKFLOW', JSON.stringify(guard)))

  async function linesAfter(text: string, ...ticked: readonly string[]): Promise<readonly string[]> {
    const path = join(folder(), 'a.case.json')
    writeFileSync(path, text)
    const tested = testCase(new CaseReader(), { path, name: 'a.case.json' }, undefined)
    await updateOne(tested, async (question) => (ticked.some((one) => question.includes(one)) ? 'yes' : 'no'))
    return readFileSync(path, 'utf8').split('\n')
  }

  it.each(['', '\ufeff'])('touches nothing but what was ticked', async (mark) => {
    const after = await linesAfter(mark + byHand.join('\n'), 'Event.info was', 'mocks.webhook')
    const other = ['\t"mocks": { "0": {} },', '\t\t"values": [{ "path": "Event.info", "is": "x" }] }']
    expect(after).toEqual([mark + byHand[0], ...byHand.slice(1, 5), other[0], byHand[6], other[1], byHand[8]])
  })

  it('changes the entries of a path that differ, and none before them', async () => {
    const after = await linesAfter(byHand.join('\n'), 'The run goes')
    expect(after.slice(0, 6)).toEqual(byHand.slice(0, 6))
    expect(after[6]).toBe('\t"expect": { "outcome": "success", "path": ["2 true", "3 failed"],')
  })

  it.each(['\n', '\r\n'])('leaves no empty line of a list of which the last went', async (end) => {
    const lines = ['"expect": { "outcome": "blocked", "effects": [', '\t\t{ "kind": "mail" }', '\t] }']
    const given = [...byHand.slice(0, 5), ...lines, '}'].join(end)
    const after = await linesAfter(given, 'Missing: mail')
    expect(after.map((line) => line.trimEnd()).slice(5)).toEqual([
      '"expect": { "outcome": "blocked", "effects": [] }',
      '}'
    ])
  })

  it('removes a message together with the outcome that had one, and leaves the rest of the line', async () => {
    const given = byHand.join('\n').replace('"outcome": "success"', '"message": "m", "outcome": "blocked"')
    const after = await linesAfter(given.replace('"tlp:red" }', '"tlp:green" }'), 'Expected the outcome “blocked”')
    expect(after[6]).toBe('\t"expect": { "outcome": "success", "path": ["2 false", "4"],')
  })

  it('writes the file anew where a key stands in it twice', async () => {
    const given = byHand.join('\n').replace('"outcome": "success"', '"outcome": "failure", "outcome": "success"')
    const after = JSON.parse((await linesAfter(given, 'Expected the outcome “success”')).join('\n')) as {
      readonly expect: Json
    }
    expect(after.expect).toMatchObject({ outcome: 'blocked' })
  })

  it('writes nothing where the file was saved while somebody answered', async () => {
    const path = join(folder(), 'a.case.json')
    writeFileSync(path, byHand.join('\n'))
    const tested = testCase(new CaseReader(), { path, name: 'a.case.json' }, undefined)
    const other = byHand.join('\n').replace('By hand', 'By another hand')
    const updating = updateOne(tested, async () => {
      writeFileSync(path, other)
      return 'yes'
    })
    await expect(updating).rejects.toMatchObject({ code: 'CASE_CHANGED' })
    expect(readFileSync(path, 'utf8')).toBe(other)
  })
})

describe('--update', () => {
  it('writes nothing where nothing was ticked', async () => {
    const { asked, after } = await updated()
    expect([asked.length > 4, after]).toEqual([true, given])
  })

  it.each([
    [
      'Event.info was',
      {
        values: [
          { path: 'Event.info', is: 'sample event' },
          { path: 'Event.id', is: '8' }
        ]
      }
    ],
    ['Missing: mail', { effects: [{ kind: 'zmq', topic: 'other' }] }],
    ['The run goes', { path: ['2 false', '4'] }]
  ])('changes only what was ticked: %s', async (ticked, expected) => {
    expect((await updated(ticked)).after).toEqual(withExpected(expected))
  })

  it('shows what an effect holds, and that there is none', async () => {
    const { asked } = await updated()
    expect(asked.find((text) => text.includes('Missing: mail'))).toContain(
      'Missing: mail\n  expected {"kind":"mail"}\n  got      nothing\n'
    )
  })

  it('takes a message with it that the new outcome cannot have', async () => {
    const { message: _message, ...rest } = given.expect
    expect((await updated('Expected the outcome “blocked”')).after).toEqual({
      ...given,
      expect: { ...rest, outcome: 'success' }
    })
  })

  it('makes a case that passes where all was ticked', async () => {
    const { after } = await updated('')
    const path = join(folder(), 'a.case.json')
    writeFileSync(path, JSON.stringify(after))
    expect(testCase(new CaseReader(), { path, name: 'a' }, undefined).result.state).toBe('passed')
  })

  it('is refused where CI is set, and where nobody sits at a terminal', () => {
    expect(() => assertAnswerable({ CI: 'true' }, true)).toThrow('CI is set')
    expect(() => assertAnswerable({}, false)).toThrow('a terminal')
    expect(() => assertAnswerable({ CI: 'false' }, true)).not.toThrow()
  })
})
