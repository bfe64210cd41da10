// Module_attribute_edition_operation::__saveAttributes.
import type { JsonMap } from '../../../contract/json.ts'
import type { Gen } from '../../effects/signals.ts'
import { getMatchingItemsForAttributes } from '../../conditions/conditions.ts'
import { editAttributes } from '../../world/models/attribute.ts'
import { withoutKeys } from '../../php/values.ts'
import type { ModuleContext } from '../context.ts'
import { itemsOf, overrideAttributes, rememberAttributes, rowArgument } from './attributes.ts'
import { nodeData } from './params.ts'

/**
 * Changes the selected attributes, saves them whole and puts them, without their timestamp, into the roaming data. True when at least one
 * was saved.
 */
export function* changeAttributes(
  ctx: ModuleContext,
  change: (params: JsonMap) => (attribute: JsonMap) => JsonMap
): Gen<boolean> {
  const lookup = rememberAttributes(ctx)
  const data = ctx.getData()
  const edit = change(yield* ctx.params())
  const items = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data))
  const method = `Module_${ctx.definition.id.replace(/^Module_/, '')}::_editAttribute(): Argument #1 ($attribute)`
  const changed = items.map((item) => withoutKeys(edit(rowArgument(item, method)), ['timestamp']))
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
