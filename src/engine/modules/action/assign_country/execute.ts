import type { Json } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { phpString, stringArgument } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import type { TagOptions } from '../../../world/models/tags.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf } from '../../shared/attributes.ts'
import { addTagsToAttributes, addTagsToEvent, selectItems, tooFewArguments } from '../../shared/tags.ts'

/** The clusters of the galaxy named Country: [lower-case value, tag]. */
function countries(ctx: ModuleContext): readonly (readonly [string, Json])[] {
  const { world } = ctx
  for (const part of ['galaxies', 'galaxy_clusters'])
    if (!ctx.world.has(part)) ctx.world.unknown(part, 'the galaxy Country')
  const galaxy = world.find('galaxies', (row) => phpString(row.name ?? null).toLowerCase() === 'country')
  const clusters = world.filter('galaxy_clusters', (row) =>
    galaxy === undefined ? row.type === 'country' : looseEquals(row.galaxy_id ?? null, galaxy.id ?? null)
  )
  return clusters.map((row) => [phpString(row.value ?? null).toLowerCase(), row.tag_name ?? ''])
}

/** Module_assign_country_from_enrichment::guessTagFromPath. */
function guessTags(found: readonly Json[], known: readonly (readonly [string, Json])[]): Json[] {
  return found.flatMap((country) => {
    const name = stringArgument(country, 'strtolower(): Argument #1 ($string)').toLowerCase()
    return known.filter(([value]) => value === name).map(([, tag]) => tag)
  })
}

/** array_unique(): values that are loosely the same text count once. */
function unique(values: readonly Json[]): Json[] {
  const seen = new Set<string>()
  return values.filter((value) => {
    const text = phpString(value)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

/** Module_assign_country_from_enrichment::exec. On attributes the last one decides the result. */
const assign = (aborts: boolean): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    const { scope = '', hash_path = '', locality = '', relationship_type = '' } = yield* ctx.params()
    const selected = selectItems(ctx, data)
    if (selected === false) return false
    const attributes = extract(selected.items, 'Event._AttributeFlattened.{n}')
    const known = countries(ctx)
    const options = (tags: readonly Json[]): TagOptions => ({
      tags,
      local: looseEquals(locality, 'local'),
      relationship: relationship_type
    })
    if (looseEquals(scope, 'event')) {
      const path = stringArgument(hash_path, 'substr(): Argument #1 ($string)')
      const found = unique(itemsOf(extract(attributes, path.startsWith('{n}.') ? path : `{n}.${path}`)))
      if (aborts) throw tooFewArguments('__addTagsToEvent', 3, file)
      return yield* addTagsToEvent(ctx, selected.items, options(guessTags(found, known)))
    }
    let result = false
    for (const attribute of itemsOf(attributes)) {
      const found = itemsOf(extract(attribute, hash_path))
      if (aborts) throw tooFewArguments('__addTagsToAttributes', 3, file)
      result = yield* addTagsToAttributes(ctx, [attribute], options(guessTags(found, known)))
    }
    return result
  }

const file = 'Module_assign_country_from_enrichment.php'

export const execute = assign(false)
export const versions = { '2.5.19': { execute: assign(true) } }
