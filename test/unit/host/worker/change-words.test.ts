import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { changesBetween } from '../../../../src/host/worker/values/changes.ts'
import { searchAny } from '../../../../src/host/worker/values/search.ts'
import { summaryOf } from '../../../../src/engine/format/values.ts'

const attribute = (id: number, more: object = {}): Json => ({
  id: String(id),
  uuid: `uuid-${id}`,
  type: 'ip-dst',
  value: `198.51.100.${id}`,
  to_ids: true,
  Tag: [],
  ...more
})
const event = (more: object = {}): Json => ({
  Event: { info: 'Mail', published: false, Tag: [], Attribute: [attribute(1), attribute(2), attribute(3)], ...more }
})
const words = (before: Json, after: Json) => changesBetween(before, after, 100).words.map(({ text }) => text)

describe('changes in words', () => {
  it('tells the same change of several attributes in one sentence', () => {
    const after = event({ Attribute: [1, 2, 3].map((id) => attribute(id, { to_ids: false })) })
    expect(words(event(), after)).toEqual(['to_ids: true → false on 3 attributes'])
    expect(changesBetween(event(), after, 100).words[0]?.of).toEqual([0, 1, 2])
  })
  it('names the one thing that changed', () => {
    const after = event({ Attribute: [attribute(1, { to_ids: false }), attribute(2), attribute(3)] })
    expect(words(event(), after)).toEqual(['to_ids: true → false on attribute ip-dst 198.51.100.1'])
  })
  it('tells tags that were added and removed', () => {
    const tagged = event({ Tag: [{ name: 'tlp:red', colour: '#ff0000' }] })
    expect(words(event(), tagged)).toEqual(['tag tlp:red added to the event'])
    expect(words(tagged, event())).toEqual(['tag tlp:red removed from the event'])
    const both = event({ Attribute: [1, 2].map((id) => attribute(id, { Tag: [{ name: 'x' }] })).concat(attribute(3)) })
    expect(words(event(), both)).toEqual(['tag x added to 2 attributes'])
  })
  it('tells attributes that came and went, and fields of the event', () => {
    expect(words(event(), event({ Attribute: [attribute(1)] }))).toEqual(['2 attributes removed from the event'])
    expect(words(event(), event({ published: true }))).toEqual(['published: false → true on the event'])
    expect(words(event(), event({ extra: '' }))).toEqual(['extra (empty) added to the event'])
  })
  it('tells changes outside an event', () => {
    expect(words({ a: 1 }, { a: 2 })).toEqual(['a: 1 → 2 in the roaming data'])
    expect(words({ a: 1, b: [] }, { b: [2] })).toEqual([
      'a (1) removed from the roaming data',
      '2 in b added to the roaming data'
    ])
  })
})

describe('a value in one line', () => {
  it('shows what MISP shows beside an attribute', () => {
    const tags = [{ Tag: { name: 'tlp:red', colour: '#cc0033' } }]
    expect(summaryOf(attribute(1, { Tag: [], AttributeTag: tags })).misp).toEqual({
      toIds: true,
      tags: [{ name: 'tlp:red', colour: '#cc0033' }]
    })
    expect(summaryOf(tags[0] as Json).misp).toEqual({ tags: [{ name: 'tlp:red', colour: '#cc0033' }] })
    expect(summaryOf({ name: 'x', colour: 'url(evil)' }).misp).toEqual({ tags: [{ name: 'x', colour: null }] })
    expect(summaryOf({ type: 'a', value: 'b' }).misp).toBeUndefined()
  })
})

describe('search', () => {
  it('finds the places of a hash path', async () => {
    const question = { query: 'Event.Attribute.{n}.value', in: 'path', cursor: null, limit: 2 } as const
    const { matches } = await searchAny(event(), question)
    expect(matches.map(({ path }) => path)).toEqual([
      ['Event', 'Attribute', 0, 'value'],
      ['Event', 'Attribute', 1, 'value']
    ])
  })
})
