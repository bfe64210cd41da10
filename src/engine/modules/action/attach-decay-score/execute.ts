import type { Json, JsonMap } from '../../../../contract/json.ts'
import { isNumeric, phpFloat, phpInt } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isEmpty, values, withKeys } from '../../../php/values.ts'
import { getMatchingItemsForAttributes } from '../../../conditions/conditions.ts'
import { decayScore } from '../../../world/decay.ts'
import { at } from '../../../php/values.ts'
import { idText } from '../../../php/cast.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf, overrideAttributes, rememberAttributes, rowArgument } from '../../shared/attributes.ts'
import { nodeData, offset } from '../../shared/params.ts'

/** DecayingModel::fetchModels: models that are not enabled count too, unknown ids do not. */
function chosenModels(ctx: ModuleContext, ids: Json): readonly JsonMap[] {
  if (!ctx.world.has('decaying_models')) ctx.world.unknown('decaying_models', 'all decaying models')
  return (isNumeric(ids) ? [ids] : itemsOf(ids)).flatMap((id) => {
    const model = ctx.world.find('decaying_models', (each) => looseEquals(each.id ?? null, id))
    return model === undefined ? [] : [model]
  })
}

const exportable = (row: JsonMap): boolean => at(row.Tag, 'exportable') !== false

/** The first attribute of the database that is not deleted, by its id. */
function firstAttribute({ world }: ModuleContext): JsonMap | null {
  let first: Json | null = null
  for (const eventId of world.eventIds()) {
    const event = world.fetchEvent(eventId)
    const lists = [event?.Attribute, ...values(event?.Object).map((object) => at(object, 'Attribute'))]
    for (const list of lists)
      for (const attribute of values(list)) {
        const id = at(attribute, 'id') ?? null
        if (first === null || phpInt(id) < phpInt(first)) first = id
      }
  }
  return first === null ? null : world.attributeRow(first)
}

/**
 * Finds the row that MISP finds for an attribute. Without a uuid MispAttribute::set_filter_uuid adds no condition, so that MISP takes the first
 * attribute of all.
 */
function rowFinder(ctx: ModuleContext): (uuid: Json) => JsonMap | null {
  let first: JsonMap | null | undefined
  return (uuid) => {
    if (isEmpty(uuid)) return (first ??= firstAttribute(ctx))
    const row = ctx.world.attributeByUuid(idText(uuid))
    return row === null || row.deleted === true ? null : row
  }
}

/** An attribute of the database with its scores. */
function scored(ctx: ModuleContext, row: JsonMap, models: readonly JsonMap[]): JsonMap {
  const { world } = ctx
  const id = idText(row.id)
  const seen = world.sightings(id).filter((sighting) => looseEquals(sighting.type ?? 0, 0))
  const dates = seen.map((sighting) => phpFloat(sighting.date_sighting ?? 0))
  const attribute = {
    row,
    attributeTags: world.attributeTags(id).filter(exportable),
    eventTags: world.eventTags(row.event_id).filter(exportable),
    lastSighting: dates.length === 0 ? null : dates.reduce((last, date) => Math.max(last, date))
  }
  const scores = models.map((model) => decayScore(model, attribute, ctx.now()))
  return scores.length === 0 ? row : (withKeys(row, [['decay_score', scores]]) as JsonMap)
}

/** Module_attach_decay_score::exec: attributes are replaced by their database rows (value1 and value2 too, no tags) with scores. */
export const execute: Execute = function* (ctx) {
  const lookup = rememberAttributes(ctx)
  const data = ctx.getData()
  const { decayingmodels = '' } = yield* ctx.params()
  if (isEmpty(decayingmodels)) {
    ctx.addError('No decaying model selected')
    return false
  }
  const items = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile))
  const models = chosenModels(ctx, decayingmodels)
  const changes: (readonly [JsonMap, JsonMap])[] = []
  const find = rowFinder(ctx)
  for (const item of items) {
    const row = find(offset(item, 'uuid'))
    if (row === null) continue
    const changed = rowArgument(item, 'Module_attach_decay_score::_overrideAttribute()')
    changes.push([changed, scored(ctx, row, models)])
  }
  ctx.setData(overrideAttributes(data, lookup, changes))
  return true
}
