import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../../src/contract/json.ts'
import {
  addTag,
  isOn,
  removeTag,
  setField,
  setFlag,
  tagsIn,
  tagsOf,
  thingAt
} from '../../../../../src/renderer/components/quick-edit/edits.ts'

const attribute = (id: string, more: object = {}) => ({
  id,
  uuid: `u${id}`,
  type: 'ip-dst',
  value: `198.51.100.${id}`,
  to_ids: true,
  ...more
})
const event = (more: object = {}): Json =>
  ({
    Event: {
      info: 'Phishing',
      orgc_id: '1',
      distribution: '1',
      Tag: [{ name: 'tlp:red', colour: '#cc0033' }],
      Attribute: [attribute('1', { Tag: [{ name: 'a' }] }), attribute('2')],
      ...more
    }
  }) as Json
const at = (root: Json, ...path: (string | number)[]) => {
  const thing = thingAt(root, path)
  if (!thing) throw new Error('nothing there')
  return thing
}
const get = (root: Json, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], root)

describe('quick edits of data', () => {
  it('finds the attribute or event that a place is in, and the event by itself', () => {
    const root = event()
    expect(at(root, 'Event', 'Attribute', 1, 'value').path).toEqual(['Event', 'Attribute', 1])
    expect(at(root, 'Event', 'Tag', 0).kind).toBe('event')
    expect(at(root).path).toEqual(['Event'])
    expect(thingAt({ a: [1, 2] }, ['a', 0])).toBeNull()
  })

  it('adds and removes tags, and leaves the rest of the data the same', () => {
    const root = event()
    const removed = removeTag(root, at(root), 'tlp:red')
    expect(tagsOf(at(removed))).toEqual([])
    expect(get(removed, 'Event', 'Attribute', 0)).toBe(get(root, 'Event', 'Attribute', 0))
    const added = addTag(removed, at(removed, 'Event', 'Attribute', 1), 'PAP:RED')
    expect(tagsOf(at(added, 'Event', 'Attribute', 1)).map(({ name }) => name)).toEqual(['PAP:RED'])
    expect(tagsIn(added)).toEqual(['PAP:RED', 'a'])
    expect(root).toEqual(event())
  })

  it('does not add a tag twice', () => {
    const root = event()
    expect(tagsOf(at(addTag(root, at(root), 'tlp:red')))).toHaveLength(1)
  })

  it('keeps tags where the data keeps them', () => {
    const root: Json = { Event: { info: 'x', orgc_id: '1', EventTag: [{ Tag: { name: 'a' }, local: true }] } }
    const added = addTag(root, at(root), 'b')
    expect(get(added, 'Event', 'EventTag', 1, 'Tag', 'name')).toBe('b')
    expect(get(added, 'Event', 'Tag')).toBeUndefined()
    expect(get(removeTag(added, at(added), 'a'), 'Event', 'EventTag')).toHaveLength(1)
  })

  it('changes what MISP derived of it, too: copies of attributes and inherited tags', () => {
    const inherited = { name: 'tlp:red', inherited: true }
    const rows = [
      attribute('1', { Tag: [{ name: 'a' }], _allTags: [inherited, { name: 'a', inherited: false }] }),
      attribute('2', { _allTags: [inherited] })
    ]
    const root = event({
      Attribute: rows,
      _AttributeFlattened: rows,
      Object: [{ name: 'file', Attribute: [attribute('3', { _allTags: [inherited] })] }]
    })
    const removed = removeTag(root, at(root), 'tlp:red')
    expect(JSON.stringify(removed)).not.toContain('tlp:red')
    const flagged = setFlag(removed, at(removed, 'Event', '_AttributeFlattened', 1), 'to_ids', false)
    expect(get(flagged, 'Event', 'Attribute', 1, 'to_ids')).toBe(false)
    expect(get(flagged, 'Event', '_AttributeFlattened', 1, 'to_ids')).toBe(false)
    expect(get(flagged, 'Event', 'Attribute', 0, 'to_ids')).toBe(true)
    const added = addTag(flagged, at(flagged), 'tlp:clear')
    expect(get(added, 'Event', 'Object', 0, 'Attribute', 0, '_allTags', 0)).toMatchObject({
      name: 'tlp:clear',
      inherited: true
    })
    const own = addTag(added, at(added, 'Event', 'Attribute', 1), 'b')
    expect(get(own, 'Event', '_AttributeFlattened', 1, '_allTags', 1)).toMatchObject({ name: 'b', inherited: false })
  })

  it('writes flags and fields in the form that the data has', () => {
    for (const [value, off] of [
      [true, false],
      [1, 0],
      ['1', '0']
    ] as const) {
      const root: Json = { type: 'md5', value: 'x', to_ids: value, distribution: typeof value === 'number' ? 1 : '1' }
      const flagged = setFlag(root, at(root), 'to_ids', false)
      expect(get(flagged, 'to_ids')).toBe(off)
      expect(isOn(get(flagged, 'to_ids') as Json)).toBe(false)
      expect(get(setField(root, at(root), 'distribution', '5'), 'distribution')).toBe(
        typeof value === 'number' ? 5 : '5'
      )
    }
  })
})
