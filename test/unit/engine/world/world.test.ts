import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { mergeChanges } from '../../../../src/engine/world/changes.ts'
import { createWorld } from '../../../../src/engine/world/create.ts'
import { event, world } from './build.ts'

describe('a world', () => {
  it('answers rows in the shapes of the database, whatever form the event has', () => {
    const handle = world()
    expect(handle.eventRow('1')).toMatchObject({ id: '1', published: true, sighting_timestamp: '0', locked: false })
    expect(handle.attributeRow(3)).toMatchObject({ event_id: '1', object_id: '7', value1: 'host3.example', value2: '' })
    expect(handle.quickEvent('1')?.Orgc).toEqual({ id: '1', uuid: 'u', name: 'ORG' })
    expect(handle.eventTags('1').map((row) => row.tag_id)).toEqual(['1'])
  })

  it('takes the event from the input when it has no events', () => {
    const handle = createWorld({}, event)
    expect(handle.attributeByUuid('00000000-0000-4000-8000-000000000002')?.id).toBe('2')
    expect(handle.tagByName('TLP:RED')?.id).toBe('1')
  })

  it('shows changes in rows and in the whole event, and records them once', () => {
    const handle = world()
    handle.updateAttribute('1', { comment: 'c', to_ids: true })
    handle.updateAttribute('1', { comment: 'c' })
    handle.updateEvent('1', { published: false })
    expect(handle.changes).toEqual([
      { table: 'attributes', op: 'changed', id: '1', fields: { comment: ['', 'c'] } },
      { table: 'events', op: 'changed', id: '1', fields: { published: ['1', '0'] } }
    ])
    const rows = handle.fetchEvent('1')
    expect((rows?.Event as JsonMap).published).toBe(false)
    expect((rows?.Attribute as JsonMap[])[0]?.comment).toBe('c')
  })

  it('forks: neither side sees what the other does later', () => {
    const handle = world()
    handle.updateEvent('1', { timestamp: '150' })
    const fork = handle.fork()
    fork.insertEventTag({ eventId: '1', tagId: '2', local: true, relationship: null })
    handle.updateEvent('1', { timestamp: '160' })
    expect(handle.eventTags('1')).toHaveLength(1)
    expect(fork.eventTags('1')).toHaveLength(2)
    expect(fork.eventRow('1')?.timestamp).toBe('150')
    expect(handle.changes).toHaveLength(2)
  })

  it('collects what it had to assume', () => {
    const handle = createWorld({})
    expect(handle.eventRow('5')).toBeNull()
    expect(handle.eventRow('5')).toBeNull()
    handle.warninglists()
    expect(handle.assumptions).toEqual([
      { part: 'events', what: 'event 5' },
      { part: 'warninglists', what: 'all warninglists' }
    ])
  })

  it('folds changes into before and after', () => {
    const handle = world()
    handle.insertEventTag({ eventId: '1', tagId: '2', local: false, relationship: null })
    handle.deleteEventTag('1', handle.eventTags('1')[1] as JsonMap)
    handle.updateEvent('1', { timestamp: '150' })
    handle.updateEvent('1', { timestamp: '160' })
    handle.updateAttribute('1', { comment: 'x' })
    handle.updateAttribute('1', { comment: '' })
    expect(mergeChanges(handle.changes)).toEqual({
      events: { changed: [{ id: '1', fields: { timestamp: ['100', '160'] } }] }
    })
  })
})
