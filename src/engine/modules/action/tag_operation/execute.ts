import type { Json } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import type { Gen } from '../../../effects/signals.ts'
import { looseEquals } from '../../../php/compare.ts'
import type { TagOptions } from '../../../world/models/tags.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf, rememberAttributes } from '../../shared/attributes.ts'
import { operateOnAttributes, operateOnEvent } from '../../shared/tag-roaming.ts'
import {
  addTagsToAttributes,
  addTagsToEvent,
  expectItems,
  removeTagsFromAttributes,
  removeTagsFromEvent,
  selectItems
} from '../../shared/tags.ts'

interface Operations {
  onEvent(ctx: ModuleContext, items: Json, options: TagOptions, remove: boolean): Gen<boolean>
  onAttributes(ctx: ModuleContext, items: Json, options: TagOptions, remove: boolean): Gen<boolean>
}

/** Module_tag_operation::exec. Tags that are no list are no tags (PHP only warns). */
const operate = ({ onEvent, onAttributes }: Operations): Execute =>
  function* (ctx) {
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
    return yield* (looseEquals(scope, 'event') ? onEvent : onAttributes)(ctx, items, options, remove)
  }

/** The roaming data does not change. */
export const execute = operate({
  onEvent: (ctx, items, options, remove) => (remove ? removeTagsFromEvent : addTagsToEvent)(ctx, items, options),
  onAttributes: (ctx, items, options, remove) =>
    (remove ? removeTagsFromAttributes : addTagsToAttributes)(ctx, items, options)
})

const methodOf = (remove: boolean, onWhat: string): string =>
  remove ? `__removeTagsFrom${onWhat}` : `__addTagsTo${onWhat}`

const inRoamingData = operate({
  onEvent: (ctx, items, options, remove) => {
    expectItems(items, methodOf(remove, 'Event'))
    return operateOnEvent(ctx, items, options, remove)
  },
  onAttributes: (ctx, items, options, remove) => {
    expectItems(items, methodOf(remove, 'Attributes'))
    return operateOnAttributes(ctx, items, options, remove)
  }
})

export const versions = { '2.5.19': { execute: inRoamingData } }
