// Module_attribute_edition_operation::__saveAttributes.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Gen } from '../../effects/signals.ts'
import { getMatchingItemsForAttributes } from '../../conditions/conditions.ts'
import { editAttribute, editAttributes, saveEditedAttribute } from '../../world/models/attribute.ts'
import { withoutKeys } from '../../php/values.ts'
import type { ModuleContext } from '../context.ts'
import { itemsOf, overrideAttributes, rememberAttributes, rowArgument } from './attributes.ts'
import { nodeData, offset } from './params.ts'

export type Change = (params: JsonMap) => (attribute: JsonMap) => JsonMap

/**
 * Changes the selected attributes, saves them whole and puts them, without their timestamp, into the roaming data. True when at least one
 * was saved.
 */
export function* changeAttributes(ctx: ModuleContext, change: Change): Gen<boolean> {
  const lookup = rememberAttributes(ctx)
  const data = ctx.getData()
  const edit = change(yield* ctx.params())
  const items = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile))
  const changed = items.map((item) => withoutKeys(edit(rowOfItem(ctx, item)), ['timestamp']))
  const saved = yield* editAttributes(ctx, changed)
  const kept = changed.filter((_, index) => saved[index] === true)
  ctx.setData(
    overrideAttributes(
      data,
      lookup,
      kept.map((attribute) => [attribute, attribute])
    )
  )
  return kept.length > 0
}

const rowOfItem = (ctx: ModuleContext, item: Json): JsonMap =>
  rowArgument(item, `Module_${ctx.definition.id.replace(/^Module_/, '')}::_editAttribute(): Argument #1 ($attribute)`)

/**
 * Module_attribute_edition_operation::__saveAttributes of newer versions: what MispAttribute::editAttribute makes of each is saved and put
 * into the roaming data; those that it refuses (a uuid of another event or object) are left alone.
 */
export function* changeAttributesAsEdited(ctx: ModuleContext, change: Change): Gen<boolean> {
  const lookup = rememberAttributes(ctx)
  const data = ctx.getData()
  const edit = change(yield* ctx.params())
  const rows = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile)).map((item) =>
    rowOfItem(ctx, item)
  )
  const eventId = offset(offset(data, 'Event'), 'id')
  const pairs = rows.flatMap((row): (readonly [JsonMap, JsonMap])[] => {
    const edited = editAttribute(ctx, withoutKeys(edit(row), ['timestamp']), eventId)
    return edited === null ? [] : [[row, edited]]
  })
  const saved = yield* editAttributes(
    ctx,
    pairs.map(([, edited]) => edited)
  )
  const kept = pairs.filter((_, index) => saved[index] === true)
  ctx.setData(overrideAttributes(data, lookup, kept))
  return kept.length > 0
}

/** What becomes of one attribute; the data is as the attributes before it have left it. */
type ChangeOne = (attribute: JsonMap, params: JsonMap, data: JsonMap) => Gen<JsonMap>

/**
 * Module_attribute_edition_operation::__saveAttributes of older versions: each attribute is saved alone, and then stands in the roaming data,
 * whatever became of the saving.
 */
export function* changeOneByOne(ctx: ModuleContext, change: ChangeOne): Gen<boolean> {
  const lookup = rememberAttributes(ctx)
  const params = yield* ctx.params()
  let data = ctx.getData()
  const eventId = offset(offset(data, 'Event'), 'id')
  const items = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile))
  for (const item of items) {
    const row = rowOfItem(ctx, item)
    const changed = withoutKeys(yield* change(row, params, data), ['timestamp'])
    yield* saveEditedAttribute(ctx, changed, eventId)
    data = overrideAttributes(data, lookup, [[row, changed]])
  }
  ctx.setData(data)
  return items.length > 0
}
