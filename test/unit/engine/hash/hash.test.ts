import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { explainExtract } from '../../../../src/engine/hash/explain.ts'
import { extract, get, insert, remove } from '../../../../src/engine/hash/hash.ts'
import { createScope } from '../../../../src/engine/hash/report.ts'
import type { HashWarning } from '../../../../src/engine/hash/report.ts'
import { parseConditions } from '../../../../src/engine/hash/selector.ts'

const event = {
  Event: {
    info: 'x',
    Attribute: [
      { id: '1', type: 'ip-src', Tag: [{ name: 'tlp:red' }] },
      { id: '2', type: 'domain', Tag: [] }
    ]
  }
}

describe('hash paths', () => {
  it('shares what does not change', () => {
    const next = insert(event, 'Event.info', 'y') as typeof event
    expect(next.Event.Attribute).toBe(event.Event.Attribute)
    expect(event.Event.info).toBe('x')
    const removed = remove(event, 'Event.Attribute.{n}[id=2].type') as typeof event
    expect(removed.Event.Attribute[0]).toBe(event.Event.Attribute[0])
    expect(insert(event, 'Nope.{n}.x', 1)).toBe(event)
    expect(remove(event, 'Event.Attribute.{n}.nope')).toBe(event)
    expect(extract(event, 'Event.Attribute.{n}')).toBe(event.Event.Attribute)
  })

  it('treats keys of JavaScript objects as missing', () => {
    expect(extract(event, 'Event.{s}.constructor')).toEqual([])
    expect(extract([{ a: 1 }], '{n}.__proto__')).toEqual([])
    expect(get(event, 'Event.__proto__')).toBeNull()
    expect(extract(JSON.parse('[{"__proto__":5}]') as Json, '{n}.__proto__')).toEqual([5])
    const polluted = insert({}, '__proto__.polluted', true)
    expect(({} as { polluted?: true }).polluted).toBeUndefined()
    expect(Object.hasOwn(polluted, '__proto__')).toBe(true)
  })

  it('reports regular expressions that PHP only warns about', () => {
    const warnings: HashWarning[] = []
    const found = extract(
      event,
      'Event.Attribute.{n}[type=/(/]',
      createScope((warning) => void warnings.push(warning))
    )
    expect(found).toEqual([])
    expect(warnings.map((warning) => warning.code)).toEqual(['REGEX_INVALID', 'REGEX_INVALID'])
  })

  it('reads very long and hostile paths', () => {
    expect(extract(event, `{n}${'['.repeat(100_000)}`)).toEqual([])
    expect(extract(event, `{n}[a${' '.repeat(100_000)}`)).toEqual([])
    expect(JSON.stringify(insert({}, Array(300).fill('a').join('.'), 1)).length).toBe(300 * 6 + 1)
    expect(extract(insert({}, 'a.'.repeat(50_000), 1), 'a.a.a')).toHaveProperty('a')
  })
})

describe('conditions of a token', () => {
  it.each([
    ['[a]', [['a', null, null]]],
    [
      '[a=b][c>=1]',
      [
        ['a', '=', 'b'],
        ['c', '>=', '1']
      ]
    ],
    ['[a = b ]', [['a', '=', 'b ']]],
    ['[a=/x]y/]', [['a', '=', '/x]y/']]],
    ['[a=/x/i]', [['a', '=', '/x/i']]],
    ['[a!=b]', [['a', '!=', 'b']]],
    ['[a==b]', [['a', '=', '=b']]],
    ['[a=]', []],
    ['[=b]', []],
    ['[a= ]', [['a', '=', ' ']]],
    ['[]', []],
    ['[a', []]
  ])('%s', (text, wanted) => {
    expect(parseConditions(text).map((c) => [c.attribute, c.operator, c.value])).toEqual(wanted)
  })
})

describe('explainExtract', () => {
  it('counts the matches of each step', () => {
    const { steps, results, stoppedAt } = explainExtract(event, 'Event.Attribute.{n}.Tag.{n}.name')
    expect(steps.map((step) => step.matches)).toEqual([1, 1, 2, 2, 1, 1])
    expect([results, stoppedAt]).toEqual([1, null])
  })

  it('names the nearest keys where the path stops', () => {
    const found = explainExtract(event, 'Event.Atribute.{n}.type')
    expect(found).toMatchObject({ stoppedAt: 1, keysThere: ['Attribute', 'info'], results: 0 })
    expect(found.summary).toBe('Nothing is left after “Atribute”: the keys there are Attribute, info.')
    expect(explainExtract(event, 'Event.Attribute.type').keysThere).toEqual(['{n}'])
  })

  it('names the values that a condition turned down', () => {
    expect(explainExtract(event, 'Event.Attribute.{n}[type=url].value').valuesThere).toEqual(['ip-src', 'domain'])
  })
})
