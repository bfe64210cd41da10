import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { completePath, splitPath } from '../../../../src/engine/hash/complete.ts'
import { extract } from '../../../../src/engine/hash/hash.ts'
import { locateItems, locateSteps } from '../../../../src/engine/hash/locate.ts'
import { lookAtPath } from '../../../../src/engine/hash/look.ts'
import { profiles } from '../../../../src/engine/profiles/profiles.ts'
import { lookAtFilter } from '../../../../src/engine/conditions/look-filter.ts'

const preview = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
const data: Json = {
  Event: {
    info: 'test',
    Tag: [{ name: 'tlp:red' }, { name: 'PAP:RED' }],
    Attribute: [
      { type: 'ip-src', value: '198.51.100.1', Tag: [{ name: 'tlp:red' }] },
      { type: 'domain', value: 'a.example' },
      { type: 'ip-src', value: '198.51.100.2', Tag: [] }
    ]
  }
}
const look = (path: string, base?: string) => lookAtPath({ data, path, base, limit: 10, preview })

describe('locating what a path finds', () => {
  for (const path of [
    'Event.Tag.{n}.name',
    'Event.Attribute.{n}[type=ip-src].value',
    'Event.info',
    'Event.Attribute.0.value',
    'Event.{s}.{n}.name',
    'Event.{*}.{n}.type',
    'Event.Attribute.{n}.Tag.{n}.name'
  ]) {
    it(`finds for ${path} the same values as extract`, () => {
      const found = locateSteps(data, path, 100).at(-1) ?? []
      expect(found.map((one) => one.value)).toEqual(Object.values(extract(data, path)))
    })
  }

  it('says where each value is', () => {
    expect(
      locateSteps(data, 'Event.Tag.{n}.name', 10)
        .at(-1)
        ?.map((one) => one.path)
    ).toEqual([
      ['Event', 'Tag', 0, 'name'],
      ['Event', 'Tag', 1, 'name']
    ])
  })

  it('takes the entries of a plain selector as its items', () => {
    const places = [0, 1, 2].map((i) => ['Event', 'Attribute', i])
    expect(locateItems(data, 'Event.Attribute', 10).map((one) => one.path)).toEqual(places)
    expect(locateItems(data, 'Event.Attribute.{n}', 10).map((one) => one.path)).toEqual(places)
  })

  it('stops at the limit', () => {
    expect(locateSteps(data, 'Event.Attribute.{n}.type', 2).at(-1)).toHaveLength(2)
  })
})

describe('looking at a path', () => {
  it('counts the matches of each segment', () => {
    expect(look('Event.Attribute.{n}.Tag.{n}.name').segments.map((one) => [one.token, one.matches])).toEqual([
      ['Event', 1],
      ['Attribute', 1],
      ['{n}', 3],
      ['Tag', 2],
      ['{n}', 1],
      ['name', 1]
    ])
  })

  it('says where it stops and which keys are nearest', () => {
    const { stoppedAt, keysThere, extract: found } = look('Event.Tag.{n}.nme')
    expect([stoppedAt, keysThere[0], found.total]).toEqual([3, 'name', 0])
  })

  it('keeps get and extract apart', () => {
    expect(look('Event.Tag.{n}.name').get.found).toBe(false)
    expect(look('Event.Tag.{n}.name').extract.total).toBe(2)
    expect(look('Event.info').get).toEqual({ found: true, type: 'string', preview: 'test', note: null })
  })

  it('reads a path in the items of a selector', () => {
    const { items, segments, extract: found } = look('Tag.{n}.name', 'Event.Attribute.{n}')
    expect([items, segments[0]?.token, found.total]).toEqual([3, 'Tag', 1])
    expect(found.matches[0]?.path).toEqual(['Event', 'Attribute', 0, 'Tag', 0, 'name'])
  })

  it('says that a selector finds no items', () => {
    expect(look('Tag', 'Event.Nothing.{n}').summary).toBe('The selector finds no items.')
  })
})

describe('completing a path', () => {
  const keys = (path: string, base?: string) => completePath(data, path, base, preview).map((one) => one.key)

  it('offers the keys after the last dot', () => {
    expect(keys('Ev')).toEqual(['Event'])
    expect(keys('Event.')).toEqual(['info', 'Tag', 'Attribute'])
    expect(keys('Event.Tag.')).toEqual(['{n}', '0', '1'])
    expect(keys('Event.Attribute.{n}.')).toEqual(['type', 'value', 'Tag'])
  })

  it('reads in the items of a selector', () => {
    expect(keys('', 'Event.Tag.{n}')).toEqual(['name'])
  })

  it('does not split at dots in brackets', () => {
    expect(splitPath('Event.{n}[a=b.c].Ta')).toEqual({ before: 'Event.{n}[a=b.c]', typed: 'Ta' })
  })
})

describe('looking at a node filter', () => {
  const filter = (fields: Record<string, string>) =>
    lookAtFilter(data, { selector: '', path: '', operator: '', value: '', ...fields }, 10, preview, profiles['2.5.1'])

  it('tells kept items from dropped ones, with a reason', () => {
    const { items, kept, shown } = filter({
      selector: 'Event.Attribute.{n}',
      path: 'type',
      operator: 'equals',
      value: 'domain'
    })
    expect([items, kept]).toEqual([3, 1])
    expect(shown.map((one) => one.kept)).toEqual([true, false, false])
    expect(shown[0]?.path).toEqual(['Event', 'Attribute', 1])
    expect(shown[0]?.reason?.text).toMatch(/^True: `type` is `domain`/)
  })

  it('is off while every field is empty', () => {
    expect(filter({}).enabled).toBe(false)
  })

  it('tells what MISP aborts with', () => {
    const { failure } = filter({ selector: 'Event.info', path: 'x', operator: 'in', value: 'y' })
    expect(failure === null || failure.startsWith('MISP aborts here')).toBe(true)
  })
})
