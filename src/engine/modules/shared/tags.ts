// Tagging as Module_tag_operation does it, for the modules that extend it.
import type { Json } from '../../../contract/json.ts'
import { phpError, type PhpThrow } from '../../php/exceptions.ts'
import { isArray, phpType } from '../../php/values.ts'
import { extractData, filtersEnabled, getFilters, getItemsMatchingCondition } from '../../conditions/conditions.ts'
import type { Gen } from '../../effects/signals.ts'
import {
  attachTagsToAttribute,
  attachTagsToEvent,
  detachTagsFromAttribute,
  detachTagsFromEvent,
  type TagOptions
} from '../../world/models/tags.ts'
import type { ModuleContext } from '../context.ts'
import { itemsOf } from './attributes.ts'
import { nodeData, offset } from './params.ts'

/** What the node's filter selects of the roaming data; all of it without a filter, false when Hash throws. */
export function selectItems(
  ctx: ModuleContext,
  data: Json
): { readonly items: Json; readonly filtered: boolean } | false {
  const node = nodeData(ctx.node)
  if (!filtersEnabled(node)) return { items: data, filtered: false }
  const { selector, value, operator, path } = getFilters(node)
  const extracted = extractData(data, selector)
  if (extracted === false) return false
  return { items: getItemsMatchingCondition(extracted, value, operator, path, ctx.profile), filtered: true }
}

export function expectItems(items: Json, method: string): void {
  if (isArray(items)) return
  throw phpError(
    'TypeError',
    `Module_tag_operation::${method}(): Argument #1 must be of type array, ${phpType(items)} given`
  )
}

/**
 * tag_replacement_* and assign_country of newer versions hand too few arguments to these methods of Module_tag_operation: an
 * ArgumentCountError, which nothing catches.
 */
export function tooFewArguments(method: string, passed: number, file: string): PhpThrow {
  const text = `Too few arguments to function Module_tag_operation::${method}(), ${passed} passed in app/Model/WorkflowModules/action/${file} and exactly ${passed + 1} expected`
  return phpError('ArgumentCountError', text)
}

const eventId = (event: Json): Json => offset(offset(event, 'Event'), 'id')

export function* addTagsToEvent(ctx: ModuleContext, event: Json, options: TagOptions): Gen<boolean> {
  expectItems(event, '__addTagsToEvent')
  return yield* attachTagsToEvent(ctx, eventId(event), options)
}

export function* removeTagsFromEvent(ctx: ModuleContext, event: Json, options: TagOptions): Gen<boolean> {
  expectItems(event, '__removeTagsFromEvent')
  return yield* detachTagsFromEvent(ctx, eventId(event), options)
}

/** True when it worked for at least one attribute. */
export function* addTagsToAttributes(ctx: ModuleContext, attributes: Json, options: TagOptions): Gen<boolean> {
  expectItems(attributes, '__addTagsToAttributes')
  let success = false
  for (const attribute of itemsOf(attributes)) {
    const done = yield* attachTagsToAttribute(ctx, offset(attribute, 'id'), offset(attribute, 'event_id'), options)
    success ||= done
  }
  return success
}

export function* removeTagsFromAttributes(ctx: ModuleContext, attributes: Json, options: TagOptions): Gen<boolean> {
  expectItems(attributes, '__removeTagsFromAttributes')
  let success = false
  for (const attribute of itemsOf(attributes)) {
    const done = yield* detachTagsFromAttribute(ctx, offset(attribute, 'id'), offset(attribute, 'event_id'), options)
    success ||= done
  }
  return success
}
