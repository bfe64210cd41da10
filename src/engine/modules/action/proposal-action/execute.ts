import type { Json } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isEmpty } from '../../../php/values.ts'
import { acceptProposal, discardProposal } from '../../../world/models/shadow-attribute.ts'
import type { Execute } from '../../context.ts'
import { itemsOf, rememberAttributes, rowArgument } from '../../shared/attributes.ts'
import { reloadRoamingData } from '../../shared/reload.ts'
import { selectItems } from '../../shared/tags.ts'

/** Any other type, the default "all" too, selects nothing. */
function proposals(items: Json, type: Json): readonly Json[] {
  const added = (): readonly Json[] => itemsOf(extract(items, 'Event.ShadowAttribute.{n}'))
  const edits = (): readonly Json[] => itemsOf(extract(items, 'Event._AttributeFlattened.{n}.ShadowAttribute.{n}'))
  if (looseEquals(type, 'new')) return added()
  if (looseEquals(type, 'edit')) return edits()
  return looseEquals(type, 'any') ? [...added(), ...edits()] : []
}

/** Module_proposal_action::exec: true whatever becomes of the proposals. */
export const execute: Execute = function* (ctx) {
  rememberAttributes(ctx)
  const data = ctx.getData()
  const { action = '', proposal_type = '' } = yield* ctx.params()
  const selected = selectItems(ctx, data)
  if (selected === false) return false
  if (selected.filtered && isEmpty(selected.items)) return true
  const found = proposals(selected.items, proposal_type)
  const accept = looseEquals(action, 'accept')
  for (const item of found) {
    const shadow = rowArgument(item, 'ShadowAttribute')
    if (accept) yield* acceptProposal(ctx, shadow)
    else yield* discardProposal(ctx, shadow)
  }
  if (found.length > 0) reloadRoamingData(ctx)
  return true
}
