import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { convertEvent } from '../../../../src/engine/format/json-converter.ts'
import { at, dig, values } from '../../../../src/engine/php/values.ts'

const rules = { reportsHaveTags: false }
const tag = (id: string, name: string): JsonMap => ({
  ...{ id, name, colour: '#ff0000', exportable: true, user_id: '0', hide_tag: false, numerical_value: null },
  ...{ is_galaxy: false, is_custom_galaxy: false, local_only: false, local: false, relationship_type: null }
})
const columns =
  'id event_id object_id object_relation category type to_ids uuid timestamp distribution sharing_group_id comment deleted disable_correlation first_seen last_seen value Galaxy ShadowAttribute'
const exported =
  'id type category to_ids uuid event_id distribution timestamp comment sharing_group_id deleted disable_correlation object_id object_relation first_seen last_seen value Galaxy ShadowAttribute'
const row = (names: string, rest: JsonMap): JsonMap => ({
  ...Object.fromEntries(names.split(' ').map((name) => [name, `the ${name}`])),
  ...rest
})

function converted(attributes: readonly Json[], eventTags: readonly Json[] = []): readonly Json[] {
  const event = { id: '1', Tag: eventTags, Attribute: attributes, Object: [] }
  return values(dig(convertEvent({ Event: event } as unknown as JsonMap, rules), 'Event', 'Attribute'))
}

/** As __propagateTagToAttributes says it, without any haste. */
const plainly = (attribute: JsonMap, eventTags: readonly JsonMap[]): JsonMap => ({
  ...attribute,
  _allTags: [
    ...eventTags.map((one) => ({ ...one, inherited: true })),
    ...values(attribute.Tag).map((one) => ({ ...(one as JsonMap), inherited: false }))
  ]
})

describe('attributes of an event', () => {
  const red = tag('1', 'tlp:red')
  const { local: _, ...short } = red
  const odd: readonly [string, JsonMap][] = [
    ['another name', { ...red, name: 'tlp:RED' }],
    ['another colour', { ...red, colour: '#000' }],
    ['a number as id', { ...red, id: 1 }],
    ['false as null', { ...red, numerical_value: false }],
    ['a key more', { ...red, more: 'x' }],
    ['a key less', short],
    ['its mark already', { ...red, inherited: true }]
  ]

  it('get their tags as one by one, also where tags of one id differ', () => {
    for (const [, other] of odd) {
      for (const tags of [
        [red, other],
        [other, red],
        [other, red, other, red]
      ]) {
        const attributes = [...tags.map((one) => row(columns, { Tag: [one] })), row(exported, { Tag: tags })]
        const out = converted(attributes, [other])
        expect(JSON.stringify(out)).toBe(JSON.stringify(attributes.map((one) => plainly(one, [other]))))
      }
    }
  })

  it.each([
    ['columns and tags', row(columns, { Tag: [red] })],
    ['an export and tags', row(exported, { Tag: [red] })],
    ['no tags', row(columns, {})],
    ['an empty list of tags', row(exported, { Tag: [] })],
    ['null as tags', row(exported, { Tag: null })],
    ['a key after the tags', row(columns, { Tag: [red], EventWarning: 'x' })],
    ['a key before the tags', row(exported, { RelatedAttribute: [], Tag: [red] })],
    ['few keys', { id: '1', Tag: [red] }]
  ])('keep their keys in order with %s', (_name, attribute) => {
    expect(JSON.stringify(converted([attribute], [red]))).toBe(JSON.stringify([plainly(attribute, [red])]))
  })

  it('get the tags of their rows as Event::fetchEvent gives them', () => {
    const [before, after] = [exported.split(' ').slice(0, -2).join(' '), { Galaxy: [], ShadowAttribute: [] }]
    const { id, name, colour, exportable, ...rest } = red
    const owned = { id, name, colour, exportable, org_id: '0', ...rest } as JsonMap
    const shown = { ...row(before, after), Tag: [red] }
    expect(JSON.stringify(converted([row(before, { AttributeTag: [{ id: '5', Tag: owned }], ...after })], [red]))).toBe(
      JSON.stringify([plainly(shown, [red])])
    )
    const without = row(before, after)
    expect(JSON.stringify(converted([row(before, { AttributeTag: [], ...after })], [red]))).toBe(
      JSON.stringify([plainly(without, [red])])
    )
  })

  it('share equal tags, which an event has on very many of them', () => {
    const out = converted(Array.from({ length: 50 }, () => row(columns, { Tag: [{ ...red }, tag('2', 'other')] })))
    const marked = new Set(out.flatMap((attribute) => values(at(attribute, '_allTags'))))
    expect(marked.size).toBe(2)
  })
})
