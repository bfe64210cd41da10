import type { Json } from '../../../../contract/json.ts'
import { phpString } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isPhp7 } from '../../../php/version.ts'
import { phpError } from '../../../php/exceptions.ts'
import { isEmpty } from '../../../php/values.ts'
import { getMatchingItemsForAttributes } from '../../../conditions/conditions.ts'
import { LooseSet } from '../../../world/loose-set.ts'
import { importWarninglist } from '../../../world/models/warninglist.ts'
import type { Execute } from '../../context.ts'
import { itemsOf, rememberAttributes } from '../../shared/attributes.ts'
import { nodeData, offset } from '../../shared/params.ts'

/** Module_add_to_warninglist::exec: writes all entries of the list anew, with those of the attributes that are not in it yet. */
export const execute: Execute = function* (ctx) {
  rememberAttributes(ctx)
  const data = ctx.getData()
  const { warninglist: selected = '' } = yield* ctx.params()
  if (isEmpty(selected)) {
    ctx.addError('No warninglist selected')
    return false
  }
  const items = itemsOf(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile))
  const lists = ctx.world.warninglists().filter((list) => list.enabled && !list.default)
  const list = lists.find((each) => looseEquals(each.id, selected))
  const entries: Json[] = list === undefined ? [] : [...ctx.world.warninglistEntries(list.id)]
  const known = new LooseSet(entries)
  for (const item of items) {
    const value = offset(item, 'value')
    if (!known.has(value)) {
      entries.push(value)
      known.add(value)
    }
  }
  if (list === undefined) throw phpError(isPhp7() ? 'Error' : 'TypeError', 'Unsupported operand types: null + array')
  importWarninglist(ctx, list, entries.filter((entry) => !isEmpty(entry)).map(phpString))
  return true
}
