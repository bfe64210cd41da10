// AdHocTrigger::collectData: what an ad-hoc workflow runs on.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { CannotTell } from '../../effects/cannot-tell.ts'
import { throughJson as decoded } from '../../php/decode.ts'
import { exportEvent } from '../../format/json-converter.ts'
import { phpString } from '../../php/cast.ts'
import { looseEquals } from '../../php/compare.ts'
import { jsonDecode } from '../../php/decode.ts'
import { dig, entries, expectArray, isArray, isEmpty, values } from '../../php/values.ts'
import type { Profile } from '../../profiles/profile.ts'
import type { World } from '../../world/world.ts'
import { offset } from '../shared/params.ts'

/**
 * @param params the trigger node's `indexed_params`; the filters are decoded whatever the scope is
 * @param passed what the workflow was started with
 * @throws PhpThrow JsonException for filters that are no JSON, TypeError for such that are no map
 * @throws CannotTell for a search that is more than ids and uuids of events
 */
export function collectData(world: World, params: Json, passed: JsonMap, profile: Profile): readonly JsonMap[] {
  const given = expectArray(params, 'AdHocTrigger::collectData(): Argument #2 ($indexed_params)')
  const scope = offset(given, 'scope')
  const filters = jsonDecode(phpString(offset(given, 'filters')))
  if (looseEquals(scope, 'passed_roaming_data')) return [passed]
  if (looseEquals(scope, 'passed_event_ids')) return isEmpty(dig(passed, 'Event')) ? search(world, passed, profile) : []
  if (!looseEquals(scope, 'events')) return []
  expectArray(filters, 'AdHocTrigger::getEvents(): Argument #2 ($filters)')
  return search(world, filters as JsonMap, profile)
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-[089ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** Event::restSearch to JSON, as far as a world can answer it: events by id or uuid, in the order of their ids. */
function search(world: World, filters: JsonMap, profile: Profile): readonly JsonMap[] {
  const others = entries(filters).filter(
    ([name, value]) => !isEmpty(value) && !['eventid', 'uuid', 'returnFormat'].includes(name)
  )
  if (others.length > 0) {
    const names = others.map(([name]) => `\`${name}\``).join(', ')
    throw new CannotTell(
      'SEARCH_UNKNOWN',
      `The events are searched by ${names}; Retrace searches by ids and uuids only.`
    )
  }
  const wanted = wantedIds(world, filters)
  if (wanted === null) {
    if (!world.has('events')) world.unknown('events', 'all events')
    return world.eventIds().map((id) => exported(world, id, profile))
  }
  return [...wanted].sort((a, b) => Number(a) - Number(b)).map((id) => exported(world, id, profile))
}

function exported(world: World, id: string, profile: Profile): JsonMap {
  // Encoded and decoded again: PHP's empty objects become arrays.
  return decoded(exportEvent(world.fetchEvent(id) ?? {}, profile))
}

/** Ids of the events that the filters name and the world has; null without a filter. */
function wantedIds(world: World, filters: JsonMap): ReadonlySet<string> | null {
  const named = ['eventid', 'uuid'].filter((name) => !isEmpty(filters[name]))
  if (named.length === 0) return null
  const lists = named.map((name) => {
    const given = filters[name] as Json
    return (isArray(given) ? values(given) : [given]).flatMap((one) => idOf(world, textOf(one), name))
  })
  const [first = [], ...rest] = lists
  return new Set(first.filter((id) => rest.every((list) => list.includes(id))))
}

/** Module_run_workflow passes true where its filter finds nothing; what MISP's search makes of that is not known. */
const textOf = (one: Json): string => (typeof one === 'boolean' ? String(one) : phpString(one))

function idOf(world: World, text: string, name: string): readonly string[] {
  if (name === 'eventid' && /^\d+$/.test(text)) return world.eventRow(text) === null ? [] : [String(Number(text))]
  if (!uuidPattern.test(text))
    throw new CannotTell(
      'SEARCH_UNKNOWN',
      `The events are searched by ${name} \`${text}\`; Retrace searches by ids and uuids only.`
    )
  const row = world.eventByUuid(text.toLowerCase())
  return row === null ? [] : [phpString(row['id'] ?? null)]
}
