// What the ids in a changed row stand for, as far as the run's data and the workspace's world tell: the tag's name, the attribute's value.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { WorldChange } from '../../../contract/run.ts'
import { dig, isMap } from '../../../engine/php/values.ts'

export type ChangeNames = { readonly [column: string]: string }

const text = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

function* maps(list: Json | undefined): Generator<JsonMap> {
  if (typeof list !== 'object' || list === null) return
  for (const item of Object.values(list)) if (isMap(item as Json)) yield item as JsonMap
}

const unwrapped = (row: JsonMap, key: string): JsonMap => (isMap(row[key] ?? null) ? (row[key] as JsonMap) : row)

function tagNames(data: Json, world: JsonMap | undefined, changes: readonly WorldChange[]): Map<string, string> {
  const names = new Map<string, string>()
  const add = (row: JsonMap): void => {
    if (text(row['id']) !== '' && text(row['name']) !== '') names.set(text(row['id']), text(row['name']))
  }
  for (const row of maps(dig(data, 'Event', 'Tag'))) add(row)
  for (const row of maps(world?.['tags'])) add(unwrapped(row, 'Tag'))
  for (const change of changes) if (change.table === 'tags' && change.op !== 'changed') add(change.row)
  return names
}

function attributeNames(data: Json): Map<string, string> {
  const names = new Map<string, string>()
  const add = (row: JsonMap): void => void names.set(text(row['id']), `${text(row['type'])} ${text(row['value'])}`)
  for (const row of maps(dig(data, 'Event', 'Attribute'))) add(row)
  for (const object of maps(dig(data, 'Event', 'Object'))) for (const row of maps(object['Attribute'])) add(row)
  return names
}

/** Returns the names of one change; only what is known is there. `id` of a changed row is looked up by its table. */
export function changeNames(
  data: Json,
  world: JsonMap | undefined,
  changes: readonly WorldChange[]
): (change: WorldChange) => ChangeNames {
  const tags = tagNames(data, world, changes)
  const attributes = attributeNames(data)
  const event = text(dig(data, 'Event', 'id'))
  const info = text(dig(data, 'Event', 'info'))
  const known = (column: string, id: string): string | undefined => {
    if (column === 'tag_id') return tags.get(id)
    if (column === 'attribute_id') return attributes.get(id)
    return column === 'event_id' && id === event && info !== '' ? info : undefined
  }
  const ownColumn: Record<string, string> = { events: 'event_id', attributes: 'attribute_id', tags: 'tag_id' }
  return (change) => {
    const entries =
      change.op === 'changed'
        ? [[ownColumn[change.table] ?? '', change.id] as const]
        : Object.entries(change.row).map(([column, value]) => [column, text(value)] as const)
    return Object.fromEntries(
      entries.flatMap(([column, id]) => {
        const name = known(column, id)
        return name === undefined ? [] : [[column, name]]
      })
    )
  }
}
