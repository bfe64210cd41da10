import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { mergeChanges } from '../../../../src/engine/world/changes.ts'
import { editAttributes, touchAttribute } from '../../../../src/engine/world/models/attribute.ts'
import { addBlocklistEntry } from '../../../../src/engine/world/models/blocklist.ts'
import { publishEvent, saveEvent } from '../../../../src/engine/world/models/event.ts'
import {
  attachTagsToAttribute,
  attachTagsToEvent,
  detachTagsFromEvent
} from '../../../../src/engine/world/models/tags.ts'
import { attribute, done, envOf, event, world } from './build.ts'

const local = { local: true, relationship: '' } as const

describe('what MISP does to its database', () => {
  it('unpublishes and touches an event that gets a tag, and not one that has it already', () => {
    const env = envOf(world())
    expect(done(attachTagsToEvent(env, '1', { ...local, tags: ['tlp:red'] }))).toBe(true)
    expect(env.world.changes).toEqual([])
    done(attachTagsToEvent(env, '1', { ...local, tags: ['TLP:GREEN'] }))
    const changes = mergeChanges(env.world.changes)
    expect(changes.events?.changed?.[0]?.fields).toEqual({ published: ['1', '0'], timestamp: ['100', '200'] })
    expect(changes.event_tags?.added).toEqual([
      { id: '1', event_id: '1', tag_id: '2', local: '1', relationship_type: null }
    ])
    expect(env.fired).toEqual(['event-before-save', 'event-after-save'])
  })

  it('creates an unknown tag when it is attached, and takes an unknown one for removed', () => {
    const env = envOf(world())
    done(attachTagsToEvent(env, '1', { ...local, tags: ['new:tag'] }))
    expect(env.world.tagByName('new:tag')?.id).toBe('3')
    const before = env.world.changes.length
    expect(done(detachTagsFromEvent(env, '1', { ...local, tags: ['nowhere'] }))).toBe(true)
    expect(env.world.changes).toHaveLength(before)
  })

  it('touches attribute, object and event together', () => {
    const env = envOf(world())
    done(attachTagsToAttribute(env, '3', '1', { ...local, tags: ['tlp:green'] }))
    const changes = mergeChanges(env.world.changes)
    expect(Object.keys(changes).sort()).toEqual(['attribute_tags', 'attributes', 'events', 'objects'])
    expect(env.fired).toContain('object-after-save')
  })

  it('throws for an attribute that does not exist', () => {
    const env = envOf(world())
    expect(() => done(touchAttribute(env, '99'))).toThrow('Attribute not found.')
    expect(() => done(touchAttribute(env, null))).toThrow('Attribute must be array or ID.')
  })

  it('does not save an event whose workflow of event-before-save blocks', () => {
    const env = envOf(world(), 'event-before-save')
    expect(done(publishEvent(env, '1'))).toBe('[]')
    expect(env.world.changes).toEqual([])
  })

  it('saves an attribute whole, under a new id when its id is unknown', () => {
    const env = envOf(world())
    const edited = { ...attribute('1'), value: 'Other.EXAMPLE', comment: '0' }
    const { uuid: _uuid, ...added } = attribute('50', { value: 'new.example' })
    expect(done(editAttributes(env, [edited, added]))).toEqual([true, true])
    const changes = mergeChanges(env.world.changes)
    expect(changes.attributes?.changed?.[0]?.fields).toEqual({ value1: ['host1.example', 'other.example'] })
    expect(changes.attributes?.added?.[0]).toMatchObject({ id: '4', value1: 'new.example' })
  })

  it('takes an invalid attribute for saved when another one is valid', () => {
    const env = envOf(world())
    const invalid = attribute('2', { value: ' ' })
    expect(done(editAttributes(env, [invalid]))).toEqual([false])
    expect(done(editAttributes(env, [attribute('1', { comment: 'x' }), invalid]))).toEqual([true, true])
  })

  it('writes the columns of an event as they are given, and refuses lists', () => {
    const env = envOf(world())
    const fields = event.Event as JsonMap
    expect(done(saveEvent(env, { ...fields, distribution: '3', timestamp: '50' }))).toBe(true)
    expect(mergeChanges(env.world.changes).events?.changed?.[0]?.fields).toEqual({
      distribution: ['1', '3'],
      timestamp: ['100', '50']
    })
    expect(done(saveEvent(env, { ...fields, distribution: '9' }))).toBe(false)
    const list = { ...fields, distribution: '4', sharing_group_id: [] }
    expect(() => done(saveEvent(env, list))).toThrow(expect.objectContaining({ phpClass: 'PDOException' }))
  })

  it('lists an event once', () => {
    const env = envOf(world())
    const entry = { event_uuid: '00000000-0000-4000-8000-0000000000e1', event_info: 'i', event_orgc: 'o', comment: '' }
    expect(addBlocklistEntry(env, entry)).toBe(true)
    expect(addBlocklistEntry(env, entry)).toBe(false)
    const without = { ...entry, event_uuid: '00000000-0000-4000-8000-0000000000e2', event_info: null }
    expect(() => addBlocklistEntry(env, without)).toThrow(expect.objectContaining({ phpClass: 'PDOException' }))
  })
})
