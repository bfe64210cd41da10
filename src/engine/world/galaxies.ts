// The galaxy clusters that Event::fetchEvent shows for the galaxy tags of an event.
import type { Json, JsonMap } from '../../contract/json.ts'
import { idText, isMap, read, valuesOf } from './maps.ts'
import type { WorldData } from './world.ts'

const nameOf = (row: JsonMap): string => idText(read(row.Tag, 'name'))

function newCluster(row: JsonMap, data: WorldData, tagKey: string): { galaxy: JsonMap; cluster: JsonMap } | null {
  const name = nameOf(row)
  const found = (data.galaxy_clusters ?? []).find(
    (each) => idText(read(each, 'tag_name')).toLowerCase() === name.toLowerCase()
  )
  if (found === undefined) return null
  const galaxy = (data.galaxies ?? []).find((each) => idText(each.id) === idText(found.galaxy_id))
  const relationship = idText(row.relationship_type)
  const cluster = {
    ...found,
    meta: found.meta ?? [],
    tag_id: Number(idText(row.tag_id)),
    [tagKey]: row.id ?? '',
    local: row.local === true,
    relationship_type: relationship === '' ? false : relationship
  }
  return galaxy === undefined ? null : { galaxy, cluster }
}

/** Clusters of tags that are gone are left out, those of new galaxy tags are added as far as the world knows them. */
export function galaxiesOf(tags: readonly JsonMap[], shown: Json | undefined, data: WorldData, tagKey: string): Json {
  const names = new Set(tags.map((row) => nameOf(row).toLowerCase()))
  const seen = new Set<string>()
  const galaxies: JsonMap[] = []
  for (const galaxy of valuesOf(shown)) {
    if (!isMap(galaxy)) continue
    const kept = valuesOf(galaxy.GalaxyCluster).filter((cluster) => {
      const name = idText(read(cluster, 'tag_name')).toLowerCase()
      seen.add(name)
      return names.has(name)
    })
    if (kept.length > 0) galaxies.push({ ...galaxy, GalaxyCluster: kept })
  }
  for (const row of tags) {
    if (!/^misp-galaxy:/i.test(nameOf(row)) || seen.has(nameOf(row).toLowerCase())) continue
    const added = newCluster(row, data, tagKey)
    if (added === null) continue
    const at = galaxies.findIndex((galaxy) => idText(galaxy.id) === idText(added.galaxy.id))
    const galaxy = galaxies[at]
    if (galaxy === undefined) galaxies.push({ ...added.galaxy, GalaxyCluster: [added.cluster] })
    else galaxies[at] = { ...galaxy, GalaxyCluster: [...valuesOf(galaxy.GalaxyCluster), added.cluster] }
  }
  return galaxies
}
