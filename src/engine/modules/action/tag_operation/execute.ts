import { extract } from '../../../hash/hash.ts'
import { looseEquals } from '../../../php/compare.ts'
import type { TagOptions } from '../../../world/models/tags.ts'
import type { Execute } from '../../context.ts'
import { itemsOf, rememberAttributes } from '../../shared/attributes.ts'
import {
  addTagsToAttributes,
  addTagsToEvent,
  removeTagsFromAttributes,
  removeTagsFromEvent,
  selectItems
} from '../../shared/tags.ts'

/** Module_tag_operation::exec. Tags that are no list are no tags (PHP only warns). The roaming data does not change. */
export const execute: Execute = function* (ctx) {
  rememberAttributes(ctx)
  const data = ctx.getData()
  const { scope = '', action = '', locality = '', tags = '', relationship_type = '' } = yield* ctx.params()
  const selected = selectItems(ctx, data)
  if (selected === false) return false
  const flatten = !selected.filtered && looseEquals(scope, 'attribute')
  const items = flatten ? extract(selected.items, 'Event._AttributeFlattened.{n}') : selected.items
  const local = looseEquals(locality, 'any') ? null : looseEquals(locality, 'local')
  const options: TagOptions = { tags: itemsOf(tags), local, relationship: relationship_type }
  const remove = looseEquals(action, 'remove')
  if (looseEquals(scope, 'event')) {
    return remove ? yield* removeTagsFromEvent(ctx, items, options) : yield* addTagsToEvent(ctx, items, options)
  }
  return remove ? yield* removeTagsFromAttributes(ctx, items, options) : yield* addTagsToAttributes(ctx, items, options)
}
