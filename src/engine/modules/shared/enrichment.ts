// What Event::enrichment saves: results in MISP's own format (Event::processModuleResultsData) and in the old one
// (Event::handleModuleResult).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { phpString } from '../../php/cast.ts'
import { isArray, isEmpty, values } from '../../php/values.ts'
import { CannotTell } from '../../effects/cannot-tell.ts'
import type { Gen } from '../../effects/signals.ts'
import { touchEvent } from '../../world/models/event.ts'
import type { ModuleContext } from '../context.ts'
import { defaultDistribution, saveNewAttribute } from './attribute-save.ts'
import { each, offset, offsetOrNull } from './params.ts'

/** The attribute that was asked about, its event, and who answered. */
export interface Source {
  readonly eventId: string
  readonly attribute: Json
  readonly module: string
}

const listOf = (value: Json): Json[] => (isArray(value) ? [...values(value)] : [value])

/** Tag::captureTag for a user who may edit tags: the id of the tag, made when it is new. */
function captureTag(ctx: ModuleContext, tag: Json): string {
  const name = phpString(offset(tag, 'name'))
  const known = ctx.world.tagByName(name)
  if (known !== null) return phpString(known['id'] ?? '')
  const colour = offset(tag, 'colour')
  return ctx.world.insertTag({
    name,
    // MISP derives a colour from the MD5 of the name; no comparison looks at it.
    colour: isEmpty(colour) ? '#000000' : colour,
    exportable: offset(tag, 'exportable') ?? true,
    local_only: offset(tag, 'local_only') ?? false,
    org_id: '0',
    user_id: '0',
    hide_tag: !isEmpty(ctx.settings['MISP.incoming_tags_disabled_by_default'])
  })
}

const relationshipOf = (tag: Json): string | null => {
  const relationship = offset(tag, 'relationship_type')
  return isEmpty(relationship) ? null : phpString(relationship)
}

function attachToEvent(ctx: ModuleContext, eventId: string, tag: Json): void {
  const tagId = captureTag(ctx, tag)
  const relationship = relationshipOf(tag)
  const existing = ctx.world.eventTags(eventId).find((row) => phpString(row['tag_id'] ?? '') === tagId)
  if (existing === undefined) {
    ctx.world.insertEventTag({ eventId, tagId, local: !isEmpty(offset(tag, 'local')), relationship })
  } else if (relationship !== null && phpString(existing['relationship_type'] ?? '') !== relationship) {
    ctx.world.updateEventTag(eventId, existing, relationship)
  }
}

function attachToAttribute(ctx: ModuleContext, attributeId: string, eventId: string, tag: Json): void {
  const tagId = captureTag(ctx, tag)
  if (ctx.world.attributeTags(attributeId).some((row) => phpString(row['tag_id'] ?? '') === tagId)) return
  const local = !isEmpty(offset(tag, 'local'))
  ctx.world.insertAttributeTag({ attributeId, eventId, tagId, local, relationship: relationshipOf(tag) })
}

function* saveWithTags(ctx: ModuleContext, given: JsonMap, { eventId }: Source): Gen<boolean> {
  const distribution = offsetOrNull(given, 'distribution') ?? defaultDistribution(ctx)
  const id = yield* saveNewAttribute(ctx, { ...given, distribution, event_id: eventId })
  if (id === null) return false
  for (const [, tag] of each(offsetOrNull(given, 'Tag'))) attachToAttribute(ctx, id, eventId, tag)
  return true
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-[089ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** MispObject::$validate for a new object: one without name, meta category or template uuid is not saved. */
function isValidObject(object: Json): boolean {
  const filled = (key: string): boolean => phpString(offset(object, key)).trim() !== ''
  const meta = filled('meta-category') || filled('meta_category')
  return filled('name') && meta && uuidPattern.test(phpString(offset(object, 'template_uuid')))
}

/** Event::processModuleResultsData on event level. Returns how many attributes it added. */
export function* saveStandardResults(ctx: ModuleContext, results: Json, source: Source): Gen<number> {
  for (const [, tag] of each(offset(results, 'Tag'))) attachToEvent(ctx, source.eventId, tag)
  const comment = `${phpString(offset(source.attribute, 'value'))}: enriched via the ${source.module} module.`
  let saved = 0
  for (const [, attribute] of each(offset(results, 'Attribute'))) {
    if (!isArray(attribute)) continue
    const given = attribute as JsonMap
    const named = isEmpty(offsetOrNull(given, 'comment')) ? { ...given, comment } : given
    if (yield* saveWithTags(ctx, named, source)) saved++
  }
  const objects = each(offset(results, 'Object')).filter(([, object]) => isValidObject(object))
  if (objects.length > 0 || !isEmpty(offset(results, 'EventReport'))) {
    const text = `The response of ${source.module} contains objects or reports that MISP would store; Retrace does not support this yet.`
    throw new CannotTell('ENRICHMENT_NOT_STORED', text)
  }
  if (saved > 0) yield* touchEvent(ctx, source.eventId)
  return saved
}

/** Event::handleModuleResult: one attribute for each value of each result, of the result's first type. */
function oldAttributes(results: Json): JsonMap[] {
  const found: JsonMap[] = []
  for (const [, result] of each(results)) {
    const types = listOf(offset(result, 'types') ?? offset(result, 'type'))
    const given = listOf(offset(result, 'values')).filter((value) => !isEmpty(value))
    if (types.includes('freetext') && given.length > 0) {
      throw new CannotTell('FREETEXT_IMPORT', 'A module returned free text, which MISP would search for attributes.')
    }
    const categories = offset(result, 'categories')
    for (const value of given) {
      found.push({
        type: types[0] ?? null,
        value,
        to_ids: offset(result, 'to_ids') ?? false,
        comment: offset(result, 'comment') ?? false,
        ...(categories === null ? {} : { default_category: listOf(categories)[0] ?? null })
      })
    }
  }
  return found
}

/** The old format in Event::enrichment. The category that a result names is not used. Returns how many were added. */
export function* saveOldResults(ctx: ModuleContext, results: Json, source: Source): Gen<number> {
  const { attribute, eventId, module } = source
  let saved = 0
  for (const found of oldAttributes(results)) {
    const note = `Attribute #${phpString(offset(attribute, 'id'))} enriched by ${module}.`
    const own = found['comment'] ?? false
    const id = yield* saveNewAttribute(ctx, {
      ...found,
      event_id: eventId,
      distribution: offset(attribute, 'distribution'),
      sharing_group_id: offset(attribute, 'sharing_group_id'),
      comment: isEmpty(own) ? note : `${phpString(own)}\n${note}`
    })
    if (id !== null) saved++
  }
  return saved
}
