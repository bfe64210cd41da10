import type { Json, JsonMap } from '../../../../contract/json.ts'
import { isNumeric, phpFloat } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isEmpty, withKeys } from '../../../php/values.ts'
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
  const known = ctx.world.rows('decaying_models')
  return (isNumeric(ids) ? [ids] : itemsOf(ids)).flatMap((id) => {
    const model = known.find((each) => looseEquals(each.id ?? null, id))
    return model === undefined ? [] : [model]
  })
}

const exportable = (row: JsonMap): boolean => at(row.Tag, 'exportable') !== false

/** The attribute as it is in the database, with its scores; null when the database has none with that UUID, or a deleted one. */
function scored(ctx: ModuleContext, uuid: Json, models: readonly JsonMap[]): JsonMap | null {
  const { world } = ctx
  const row = world.attributeByUuid(idText(uuid))
  if (row === null || row.deleted === true) return null
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
  for (const item of items) {
    const found = scored(ctx, offset(item, 'uuid'), models)
    if (found !== null) changes.push([rowArgument(item, 'Module_attach_decay_score::_overrideAttribute()'), found])
  }
  ctx.setData(overrideAttributes(data, lookup, changes))
  return true
}
