// A random run, with an event and a world of the size that people have.
import { isMap } from '../../src/engine/php/values.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RandomRun } from './random-run.ts'

const attributes = 300
const rows = 400

export function grown({ data, options, ...run }: RandomRun): RandomRun {
  const { world } = options
  return {
    ...run,
    data: apart(grownEvent(data as JsonMap)) as JsonMap,
    options: { ...options, ...(world ? { world: apart(grownWorld(world as JsonMap)) as JsonMap } : {}) }
  }
}

/** As it comes out of a file: nothing in it is one with another thing. */
const apart = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json

const uuidOf = (event: Json | undefined, i: number): string =>
  `${String(event).padStart(8, '0')}-0000-4000-8000-${String(i).padStart(12, '0')}`

function grownEvent(data: JsonMap): JsonMap {
  const event = data['Event']
  const list = isMap(event) ? event['Attribute'] : null
  if (!isMap(event) || !Array.isArray(list) || list.length === 0) return data
  const many = Array.from({ length: attributes }, (_, i): JsonMap => {
    const one = list[i % list.length] as JsonMap
    return { ...one, id: String(i + 1), uuid: uuidOf(event['id'], i), value: `${String(one['value'])}${i}` }
  })
  return { ...data, Event: { ...event, Attribute: many } }
}

/** Those that are few wherever MISP runs. */
const few = ['roles', 'service_modules', 'galaxies', 'warninglists', 'decaying_models']

function grownWorld(world: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(world).map(([part, list]) => {
      if (!Array.isArray(list) || few.includes(part)) return [part, list]
      if (part === 'events') return [part, (list as JsonMap[]).map(grownEvent)]
      return [part, [...(list as Json[]), ...Array.from({ length: rows }, (_, i) => more(list as Json[], i))]]
    })
  )
}

/** Another row of the part: with an id, names and values of its own. */
function more(list: readonly Json[], i: number): Json {
  const [model, row] = Object.entries(list[i % list.length] as JsonMap)[0] as [string, JsonMap]
  const own = Object.entries(row).map(([name, value]): [string, Json] => {
    if (name === 'id') return [name, String(1000 + i)]
    if (name === 'uuid' || name === 'event_uuid') return [name, uuidOf(99, i)]
    return [name, ['name', 'email', 'value', 'tag_name'].includes(name) ? `${i} ${String(value)}` : value]
  })
  return { [model]: Object.fromEntries(own) }
}
