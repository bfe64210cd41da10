// The galaxy clusters that Event::fetchEvent shows for the galaxy tags of an event or attribute. MISP's own exports of clusters say
// less of one than an event does, so what any event of the world shows is used first.
import type { Json, JsonMap } from '../../contract/json.ts'
import { isMap, at, values, withKey, withoutKeys } from '../php/values.ts'
import { idText } from '../php/cast.ts'

export interface Shown {
  readonly galaxy: JsonMap
  readonly cluster: JsonMap
  /** The event that the run starts with shows it. */
  readonly own: boolean
}

/** What events show of galaxies, by the cluster's tag and by the galaxy's id. */
export class GalaxyIndex {
  private readonly byTag = new Map<string, Shown>()
  private readonly byGalaxy = new Map<string, Shown>()

  constructor(
    private readonly rows: (part: string) => readonly JsonMap[],
    shown: Iterable<readonly [galaxy: Json, own: boolean]>
  ) {
    for (const [galaxy, own] of shown) {
      if (!isMap(galaxy)) continue
      for (const cluster of values(galaxy.GalaxyCluster)) if (isMap(cluster)) this.keep(galaxy, cluster, own)
    }
  }

  private keep(withClusters: JsonMap, attached: JsonMap, own: boolean): void {
    const galaxy = withoutKeys(withClusters, ['GalaxyCluster'])
    const ofTag = ['tag_id', 'event_tag_id', 'attribute_tag_id', 'local', 'relationship_type']
    const shown = { galaxy, cluster: withoutKeys(attached, ofTag), own }
    this.byTag.set(idText(attached.tag_name).toLowerCase(), shown)
    if (!this.byGalaxy.has(idText(galaxy.id))) this.byGalaxy.set(idText(galaxy.id), shown)
  }

  /** The cluster of a tag; one that no event shows is made of what is known, after the model of its galaxy's others. */
  find(tagName: string): Shown | null {
    const lower = tagName.toLowerCase()
    const shown = this.byTag.get(lower)
    if (shown !== undefined) return shown
    const row = this.rows('galaxy_clusters').find((each) => idText(each.tag_name).toLowerCase() === lower)
    if (row === undefined) return null
    const galaxyId = idText(row.galaxy_id)
    const sibling = this.byGalaxy.get(galaxyId)
    const galaxy = sibling?.galaxy ?? this.rows('galaxies').find((each) => idText(each.id) === galaxyId)
    if (galaxy === undefined) return null
    return { galaxy, cluster: { ...(sibling?.cluster ?? { meta: [] }), ...row }, own: false }
  }
}

const nameOf = (row: JsonMap): string => idText(at(row.Tag, 'name'))

function attach({ cluster }: Shown, row: JsonMap, tagKey: string): JsonMap {
  const relationship = idText(row.relationship_type)
  return {
    ...cluster,
    tag_id: Number(idText(row.tag_id)),
    [tagKey]: row.id ?? '',
    local: row.local === true,
    relationship_type: relationship === '' ? false : relationship
  }
}

/** `tagKey`: event_tag_id or attribute_tag_id. */
export function galaxiesOf(tags: readonly JsonMap[], find: (tagName: string) => Shown | null, tagKey: string): Json {
  const galaxies: JsonMap[] = []
  for (const row of tags) {
    if (!nameOf(row).startsWith('misp-galaxy:')) continue
    const found = find(nameOf(row))
    if (found === null) continue
    const cluster = attach(found, row, tagKey)
    const at = galaxies.findIndex((galaxy) => idText(galaxy.id) === idText(found.galaxy.id))
    const galaxy = galaxies[at]
    if (galaxy === undefined) galaxies.push({ ...found.galaxy, GalaxyCluster: [cluster] })
    else galaxies[at] = withKey(galaxy, 'GalaxyCluster', [...values(galaxy.GalaxyCluster), cluster])
  }
  return galaxies
}
