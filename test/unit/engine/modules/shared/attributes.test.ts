import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../../src/contract/json.ts'
import type { ModuleContext } from '../../../../../src/engine/modules/context.ts'
import { overrideAttributes, rememberAttributes } from '../../../../../src/engine/modules/shared/attributes.ts'
import { profiles } from '../../../../../src/engine/profiles/profiles.ts'
import { createWorld } from '../../../../../src/engine/world/create.ts'

const data: JsonMap = {
  Event: {
    id: '1',
    Attribute: [{ id: '1' }, { id: '2' }],
    Object: [{ id: '7', Attribute: { 3: { id: '3' } } }],
    _AttributeFlattened: [{ id: '1' }, { id: '2' }, { id: '3' }]
  }
}
const contextOf = (world: ReturnType<typeof createWorld>, now: JsonMap): ModuleContext =>
  ({ world, definition: { id: 'm' }, profile: profiles['2.5.1'], getData: () => now }) as unknown as ModuleContext

describe('changed attributes in the roaming data', () => {
  it('go to both of their places, and nothing else is copied', () => {
    const lookup = rememberAttributes(contextOf(createWorld({}), data))
    const changed = overrideAttributes(data, lookup, [[{ id: '3' }, { id: '3', x: 1 }]])
    const event = changed.Event as JsonMap
    expect(event.Object).toEqual([{ id: '7', Attribute: { 3: { id: '3', x: 1 } } }])
    expect(event._AttributeFlattened).toEqual([{ id: '1' }, { id: '2' }, { id: '3', x: 1 }])
    expect(event.Attribute).toBe((data.Event as JsonMap).Attribute)
  })

  it('end up under the key "" when their id is unknown', () => {
    const lookup = rememberAttributes(contextOf(createWorld({}), data))
    const event = overrideAttributes(data, lookup, [[{ id: '9' }, { id: '9' }]]).Event as JsonMap
    expect(event._AttributeFlattened).toEqual({ 0: { id: '1' }, 1: { id: '2' }, 2: { id: '3' }, '': { id: '9' } })
    expect(event.Attribute).toEqual({ 0: { id: '1' }, 1: { id: '2' }, '': { id: '9' } })
  })

  it('are found at their old places as long as the process lives', () => {
    const world = createWorld({})
    rememberAttributes(contextOf(world, data))
    const without = { Event: { Attribute: [{ id: '2' }], _AttributeFlattened: [{ id: '2' }] } }
    expect(rememberAttributes(contextOf(world, without)).flattened.get('3')).toBe('2')
    expect(rememberAttributes(contextOf(world.fork(), without)).flattened.get('3')).toBeUndefined()
  })
})
