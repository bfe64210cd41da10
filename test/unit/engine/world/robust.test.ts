import { describe, expect, it } from 'vitest'
import { createWorld } from '../../../../src/engine/world/create.ts'
import type { WorldData } from '../../../../src/engine/world/world.ts'

const odd = {
  events: [
    null,
    'x',
    5,
    [],
    { Event: 'x' },
    { Event: { id: {}, Attribute: 'x', Object: [1], Tag: [2] } },
    { Event: { id: 3 } }
  ],
  tags: 'x',
  organisations: { 1: {} },
  galaxies: { a: 1 },
  galaxy_clusters: null,
  warninglists: { x: [] },
  decaying_models: 7,
  threads: [{ Thread: { id: '1', event_id: '3' } }]
} as unknown as WorldData

describe('a world of wrong types', () => {
  it('answers nothing instead of failing', () => {
    const world = createWorld(odd)
    expect(world.eventRow(3)?.id).toBe('3')
    expect(world.fetchEvent('3')).toMatchObject({ Attribute: [], Object: [], EventTag: [] })
    expect(world.attributeRow({})).toBeNull()
    expect(world.tagByName('__proto__')).toBeNull()
    expect(world.organisation('1')).toBeNull()
    expect(world.warninglists()).toEqual([])
    expect(world.filter('galaxies', () => true)).toEqual([])
    expect(world.thread('1')).toEqual({ id: '1', event_id: '3' })
    world.insertAttributeTag({ attributeId: 'x', eventId: 'y', tagId: '9', local: true, relationship: null })
    expect(world.changes).toHaveLength(1)
  })
})
