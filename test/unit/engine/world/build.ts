import type { JsonMap } from '../../../../src/contract/json.ts'
import type { Gen } from '../../../../src/engine/effects/signals.ts'
import { createWorld } from '../../../../src/engine/world/create.ts'
import type { ModelEnv } from '../../../../src/engine/world/models/env.ts'
import type { World } from '../../../../src/engine/world/world.ts'

export const tags = [
  { id: '1', name: 'tlp:red', colour: '#f00', exportable: '1', is_galaxy: '0', local_only: '0' },
  { id: '2', name: 'tlp:green', colour: '#0f0', exportable: '1', is_galaxy: '0', local_only: '0' }
]

export const attribute = (id: string, more: JsonMap = {}): JsonMap => ({
  id,
  type: 'domain',
  category: 'Network activity',
  to_ids: true,
  uuid: `00000000-0000-4000-8000-00000000000${id}`,
  event_id: '1',
  distribution: '5',
  timestamp: '100',
  comment: '',
  sharing_group_id: '0',
  deleted: false,
  disable_correlation: false,
  object_id: '0',
  object_relation: null,
  first_seen: null,
  last_seen: null,
  value: `host${id}.example`,
  ...more
})

/** An event in core format: two attributes of its own, one in an object, the tag tlp:red. */
export const event: JsonMap = {
  Event: {
    id: '1',
    org_id: '1',
    orgc_id: '1',
    date: '2024-10-20',
    info: 'An event',
    uuid: '00000000-0000-4000-8000-0000000000e1',
    published: true,
    analysis: '0',
    threat_level_id: '1',
    timestamp: '100',
    distribution: '1',
    publish_timestamp: '100',
    Tag: [{ id: '1', name: 'tlp:red', colour: '#f00', exportable: true, local: false }],
    Attribute: [attribute('1'), attribute('2')],
    Object: [
      { id: '7', name: 'file', timestamp: '100', Attribute: [attribute('3', { object_id: '7', object_relation: 'x' })] }
    ]
  }
}

export const world = (more: JsonMap = {}): World =>
  createWorld({ tags, events: [event], organisations: [{ id: '1', name: 'ORG', uuid: 'u' }], ...more })

export interface TestEnv extends ModelEnv {
  /** Ids of the triggers that fired, in order. */
  readonly fired: string[]
}

/** Models at the time 200, as a user who may do everything; `stop` names a trigger whose workflow blocks. */
export function envOf(handle: World, stop = ''): TestEnv {
  const fired: string[] = []
  return {
    world: handle,
    user: { org_id: '1', Role: { perm_tag_editor: true, perm_tagger: true } },
    settings: {},
    now: () => 200,
    uuid: () => '11111111-1111-4111-8111-111111111111',
    fired,
    *fire(triggerId) {
      fired.push(triggerId)
      return { success: triggerId !== stop, errors: [], ran: false }
    }
  }
}

/** Runs a generator that waits for nothing. */
export function done<T>(gen: Gen<T>): T {
  const step = gen.next()
  if (!step.done) throw new Error('it yielded')
  return step.value
}
