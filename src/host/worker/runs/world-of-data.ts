// What an event itself tells of MISP's database, so that pickers offer its tags and organisations even without a world.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { isMap } from '../../../engine/php/values.ts'
import type { WorldData } from '../../../engine/world/world.ts'

const maxEvents = 50

const mapsOf = (value: Json | undefined): readonly JsonMap[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isMap) : []

function eventsOf(data: Json): readonly JsonMap[] {
  const list = Array.isArray(data) ? data : isMap(data) && Array.isArray(data['response']) ? data['response'] : [data]
  return mapsOf(list as Json)
    .slice(0, maxEvents)
    .map((one) => (isMap(one['Event']) ? one['Event'] : one))
}

const byKey = (rows: readonly JsonMap[], key: string): readonly JsonMap[] => [
  ...new Map(rows.filter((row) => typeof row[key] === 'string').map((row) => [String(row[key]), row])).values()
]

/** The world with the tags and organisations that the data names. */
export function worldOfData(world: WorldData, data: Json): WorldData {
  const events = eventsOf(data)
  const attributes = events.flatMap((event) => [
    ...mapsOf(event['Attribute']),
    ...mapsOf(event['Object']).flatMap((object) => mapsOf(object['Attribute']))
  ])
  const tags = [...events, ...attributes].flatMap((one) => mapsOf(one['Tag']))
  const plain = tags.map((tag) =>
    tag['is_galaxy'] === undefined ? { ...tag, is_galaxy: plainText(tag['name']).startsWith('misp-galaxy:') } : tag
  )
  const organisations = events.flatMap((event) => [event['Org'], event['Orgc']]).filter(isMap)
  return {
    ...world,
    tags: byKey([...plain, ...(world.tags ?? [])], 'name'),
    organisations: byKey([...organisations, ...(world.organisations ?? [])], 'id')
  }
}
