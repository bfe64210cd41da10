// Which of MISP's things a place in the data belongs to: the attribute, object, tag or event that a sentence names.
import { isUnknownMap, type Json, type JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'

/** What MISP calls an item of the list with this key. */
const nouns = {
  Attribute: 'attribute',
  _AttributeFlattened: 'flattened attribute',
  ShadowAttribute: 'proposal',
  Object: 'object',
  ObjectReference: 'object reference',
  Tag: 'tag',
  EventTag: 'tag',
  AttributeTag: 'tag',
  _allTags: 'tag',
  Galaxy: 'galaxy',
  GalaxyCluster: 'galaxy cluster',
  EventReport: 'event report',
  Sighting: 'sighting',
  RelatedEvent: 'related event',
  Event: 'event',
  Warninglist: 'warninglist',
  warnings: 'warning'
} as const

export type Noun = (typeof nouns)[keyof typeof nouns]

const plurals = {
  attribute: 'attributes',
  'flattened attribute': 'flattened attributes',
  proposal: 'proposals',
  object: 'objects',
  'object reference': 'object references',
  tag: 'tags',
  galaxy: 'galaxies',
  'galaxy cluster': 'galaxy clusters',
  'event report': 'event reports',
  sighting: 'sightings',
  'related event': 'related events',
  event: 'events',
  warninglist: 'warninglists',
  warning: 'warnings'
} as const satisfies Record<Noun, string>

export const pluralOf = (noun: Noun): string => plurals[noun]

export const isIndex = (key: string | number): boolean => typeof key === 'number' || /^\d+$/.test(key)

export const nounOf = (key: string | number | undefined): Noun | undefined =>
  typeof key === 'string' && Object.hasOwn(nouns, key) ? nouns[key as keyof typeof nouns] : undefined

export interface Thing {
  readonly noun: Noun
  /** What names it; undefined for the event that holds everything. */
  readonly value: Json | undefined
  /** How many keys of the path lead to it. */
  readonly depth: number
}

/** The innermost of MISP's things that a path leads into, the last key left out. `skip`: a kind that is passed over. */
export function ownerOf(root: Json | undefined, path: ValuePath, skip?: Noun): Thing | null {
  let value = root
  let owner: Thing | null = null
  for (let i = 0; i < path.length - 1; i++) {
    const key = path[i] as string | number
    value = step(value, key)
    const inList = isIndex(key) ? nounOf(path[i - 1]) : undefined
    const alone = key === 'Event' && isUnknownMap(value)
    if (inList !== undefined && inList !== skip) owner = { noun: inList, value, depth: i + 1 }
    else if (alone) owner = { noun: 'event', value: undefined, depth: i + 1 }
  }
  return owner
}

const step = (value: Json | undefined, key: string | number): Json | undefined =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as JsonMap)[key as string]
    : undefined
