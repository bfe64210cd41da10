import type { Json, JsonMap } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { phpString, stringArgument } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import type { TagOptions } from '../../../world/models/tags.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf } from '../../shared/attributes.ts'
import { addTagsToAttributes, addTagsToEvent, selectItems, tooFewArguments } from '../../shared/tags.ts'

/** Tags of the clusters with a lower-case value, of the galaxy named Country. */
type Countries = (name: string) => readonly Json[]

/** Each value is looked for once, so that a run depends on the clusters that it found only. */
function countries({ world }: ModuleContext): Countries {
  for (const part of ['galaxies', 'galaxy_clusters']) if (!world.has(part)) world.unknown(part, 'the galaxy Country')
  const galaxy = world.find('galaxies', (row) => phpString(row.name ?? null).toLowerCase() === 'country')
  const isCountry = (row: JsonMap): boolean =>
    galaxy === undefined ? row.type === 'country' : looseEquals(row.galaxy_id ?? null, galaxy.id ?? null)
  const known = new Map<string, readonly Json[]>()
  return (name) => {
    let tags = known.get(name)
    if (tags === undefined) {
      const fits = (row: JsonMap): boolean => phpString(row.value ?? null).toLowerCase() === name && isCountry(row)
      tags = world.filter('galaxy_clusters', fits).map((row) => row.tag_name ?? '')
      known.set(name, tags)
    }
    return tags
  }
}

/** Module_assign_country_from_enrichment::guessTagFromPath. */
const guessTags = (found: readonly Json[], known: Countries): Json[] =>
  found.flatMap((country) => known(stringArgument(country, 'strtolower(): Argument #1 ($string)').toLowerCase()))

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
