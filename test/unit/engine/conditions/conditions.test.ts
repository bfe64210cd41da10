import { describe, expect, it } from 'vitest'
import {
  extractDataForFilters,
  filtersEnabled,
  getFilters,
  getItemsMatchingCondition,
  getMatchingItemsForAttributes
} from '../../../../src/engine/conditions/conditions.ts'
import { evaluateCondition, holdsAt } from '../../../../src/engine/conditions/conditions.ts'
import { extract } from '../../../../src/engine/hash/hash.ts'
import { asVerdict, explainCondition } from '../../../../src/engine/conditions/explain-condition.ts'
import { profiles } from '../../../../src/engine/profiles/profiles.ts'
import { createRoamingData } from '../../../../src/engine/run/roaming-data.ts'

const rules = profiles['2.5.1']

const attributes = [
  { type: 'ip-src', Tag: [{ name: 'tlp:red' }] },
  { type: 'domain', Tag: [{ name: 'tlp:green' }] },
  { type: 'ip-src', Tag: [] }
]
const data = { Event: { info: 'x', _AttributeFlattened: attributes } }
const node = (saved_filters: Record<string, string>) => ({ data: { saved_filters } })
const full = { selector: 'Event._AttributeFlattened.{n}', value: 'ip-src', operator: 'equals', path: 'type' }

describe('a condition on what a path finds', () => {
  const paths = [
    'Event._AttributeFlattened.{n}.Tag.{n}.name',
    'Event.info',
    '{n}.x',
    'Event._AttributeFlattened.{n}[type=domain].type',
    ''
  ]
  const values = ['tlp:red', ['tlp:red', 'tlp:clear'], [], 'x', ['x', '5'], null, 0]
  const operators = [
    'in',
    'not_in',
    'in_or',
    'not_in_or',
    'in_and',
    'not_in_and',
    'equals',
    'not_equals',
    'any_value',
    'other',
    true
  ]

  it('is the same as of all that is found', () => {
    for (const path of paths)
      for (const operator of operators)
        for (const value of values) {
          const whole = evaluateCondition(extract(data, path), operator, value, rules)
          expect([path, operator, value, holdsAt(data, path, operator, value, rules)]).toEqual([
            path,
            operator,
            value,
            whole
          ])
        }
  })

  it('is read up to the value that decides', () => {
    let read = 0
    const counted = Array.from({ length: 100 }, () =>
      Object.defineProperty({}, 'name', { enumerable: true, get: () => (read++, 'tlp:red') })
    )
    expect(holdsAt({ Tag: counted }, 'Tag.{n}.name', 'in_or', ['tlp:red'], rules)).toBe(true)
    expect(read).toBeLessThan(5)
  })
})

describe('filters of a node', () => {
  it('keep the keys of what matches', () => {
    expect(getMatchingItemsForAttributes(node(full), data, rules)).toEqual({ 0: attributes[0], 2: attributes[2] })
  })

  it('answer the list itself when nothing is dropped', () => {
    expect(getItemsMatchingCondition(attributes, 'x', 'not_in', 'Tag.{n}.name', rules)).toBe(attributes)
    expect(getMatchingItemsForAttributes(node({}), data, rules)).toBe(attributes)
  })

  it('count as enabled with any field, and apply only with all', () => {
    expect(filtersEnabled(node({ value: 'x' }))).toBe(true)
    expect(filtersEnabled(node({}))).toBe(false)
    expect(filtersEnabled({ data: [] })).toBe(false)
    expect(getFilters(node({ path: 'p' }))).toEqual({ selector: '', value: '', operator: '', path: 'p' })
    expect(extractDataForFilters(node({ ...full, value: '' }), data, true, rules)).toBe(data)
    expect(extractDataForFilters(node(full), data, false, rules)).toBe(data)
    expect(extractDataForFilters(node(full), data, true, rules)).toEqual({ 0: attributes[0], 2: attributes[2] })
  })
})

describe('roaming data', () => {
  const filter = { selector: 'Event._AttributeFlattened.{n}', path: 'Tag.{n}.name', operator: 'in', value: 'tlp:red' }

  it('is read through its enabled filters, and computed once', () => {
    const roaming = createRoamingData({ ...data, enabledFilters: { A: filter } }, rules)
    const view = roaming.getData()
    expect(view).toMatchObject({ Event: { info: 'x', _AttributeFlattened: [attributes[0]] } })
    expect(roaming.getData()).toBe(view)
    expect(roaming.stored()).toMatchObject(data)
  })

  it('is itself without filters', () => {
    const roaming = createRoamingData(data, rules)
    expect(roaming.getData()).toBe(data)
    roaming.setData({ Event: { info: 'y' } })
    expect(roaming.getData()).toEqual({ Event: { info: 'y' } })
  })

  it('is a TypeError when the selector yields scalars', () => {
    const roaming = createRoamingData({ ...data, enabledFilters: { A: { ...filter, selector: 'Event.info' } } }, rules)
    expect(() => roaming.getData()).toThrow(expect.objectContaining({ phpClass: 'TypeError' }))
  })
})

describe('explainCondition', () => {
  const from = {
    path: { kind: 'setting', name: 'hash_path' },
    operator: { kind: 'setting', name: 'operator' },
    value: { kind: 'setting', name: 'value' }
  } as const

  it('says why', () => {
    const ask = (path: string, operator: string, value: string | string[], reading: 'if' | 'item' = 'if') =>
      asVerdict(explainCondition({ data, path, operator, value, reading, rules, from })).text
    expect(ask('Event.info', 'equals', 'x')).toBe('True: `Event.info` is `x`, which equals `x`.')
    expect(ask('Event._AttributeFlattened.{n}.type', 'equals', 'x')).toBe(
      'False: `equals` reads a single value and does not evaluate the expression `Event._AttributeFlattened.{n}.type`.'
    )
    expect(ask('Event._AttributeFlattened.{n}.type', 'in', 'url')).toBe(
      'False: `Event._AttributeFlattened.{n}.type` finds 3 values (`ip-src` twice and `domain`), none of which is `url`.'
    )
    expect(ask('Event.nope', 'any_value', '')).toBe('False: `Event.nope` finds nothing.')
    expect(ask('Event._AttributeFlattened.{n}.type', 'in_or', ['domain', 'url'])).toBe(
      'True: `domain` on attribute `type, Tag` is one of the 2 values given; `Event._AttributeFlattened.{n}.type` finds 3 values.'
    )
    const item = { Tag: ['a', 'b', 'a', 'c', 'd', 'a'].map((name) => ({ name })) }
    const askItem = (operator: string, value: string | string[]) =>
      asVerdict(explainCondition({ data: item, path: 'Tag.{n}.name', operator, value, reading: 'item', rules, from }))
        .text
    expect(askItem('in', 'url')).toBe(
      'False: `Tag.{n}.name` finds 6 values (`a` 3 times, `b`, `c` and 1 more), none of which is `url`.'
    )
    expect(askItem('in', 'a')).toBe('True: `a` is among the 6 values at `Tag.{n}.name`: `a` (3 times).')
    expect(askItem('in_or', ['a', 'x'])).toBe(
      'True: `a` (3 times) is one of the 2 values given; `Tag.{n}.name` finds 6 values.'
    )
    expect(askItem('in_or', ['a', 'b'])).toBe(
      'True: `a` (3 times) and `b` are each one of the 2 values given; `Tag.{n}.name` finds 6 values.'
    )
  })
})
