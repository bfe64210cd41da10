// Tags that newer versions also write into the roaming data (Module_tag_operation, WorkflowBaseActionModule::_handleTag).
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Gen } from '../../effects/signals.ts'
import { looseEquals } from '../../php/compare.ts'
import { phpError } from '../../php/exceptions.ts'
import { arrayMerge, filterValues, isArray, isEmpty, phpType, toArrayKey, withKey } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import {
  attachTagsToAttribute,
  attachTagsToEvent,
  detachTagsFromAttribute,
  detachTagsFromEvent,
  type TagOptions
} from '../../world/models/tags.ts'
import type { ModuleContext } from '../context.ts'
import { itemsOf, laterLookup, rememberAttributes } from './attributes.ts'
import { updateAt } from './lookup.ts'
import type { Lookup } from './lookup.ts'
import { offset, offsetOrNull } from './params.ts'

/** What becomes of a list of tags. */
type ChangeTags = (tags: Json) => Json

/** Module_tag_operation::genTagObjectsFromTagNames. */
const tagObjects = (names: readonly Json[], { relationship, local }: TagOptions): readonly JsonMap[] =>
  names.map((name) => ({ name, relationship_type: relationship, local }))

const adding =
  (tags: readonly JsonMap[]): ChangeTags =>
  (list) =>
    arrayMerge(list, tags as readonly Json[]) as Json

/** Removing leaves holes. */
const removing =
  (tags: readonly JsonMap[]): ChangeTags =>
  (list) => {
    if (!isArray(list)) {
      const what = 'array_filter(): Argument #1 ($array) must be of type array'
      throw phpError('TypeError', `${what}, ${phpType(list)} given`)
    }
    return filterValues(list, (tag) => !tags.some(({ name }) => looseEquals(offset(tag, 'name'), name ?? null))) as Json
  }

const changing = (remove: boolean, names: readonly Json[], options: TagOptions): ChangeTags =>
  (remove ? removing : adding)(tagObjects(names, options))

interface TagLists {
  readonly own: Json
  readonly all: Json
}

function changedLists(entity: Json, change: ChangeTags): TagLists {
  const own = offsetOrNull(entity, 'Tag') ?? []
  return { own: change(own), all: change(offset(entity, '_allTags')) }
}

const withLists =
  ({ own, all }: TagLists) =>
  (entity: Json): Json => {
    const base: PhpArray = isArray(entity) ? entity : []
    return withKey(withKey(base, 'Tag', own), '_allTags', all) as Json
  }

function at(value: Json, path: readonly string[]): Json {
  let here = value
  for (const key of path) here = offsetOrNull(here, key)
  return here
}

const corePath = (place: readonly string[] | undefined): readonly string[] => {
  const [first = '', second] = place ?? []
  return second === undefined ? ['Event', 'Attribute', first] : ['Event', 'Object', first, 'Attribute', second]
}

/** WorkflowBaseActionModule::_handleTag for an attribute: in both of its places, and while filters are on in the unfiltered ones. */
function tagAttribute(data: JsonMap, lookup: Lookup, attribute: Json, change: ChangeTags): JsonMap {
  const id = toArrayKey(offset(attribute, 'id'))
  const flat = ['Event', '_AttributeFlattened', lookup.flattened.get(id) ?? '']
  const core = corePath(lookup.core.get(id))
  const flatLists = changedLists(at(data, flat), change)
  const coreLists = changedLists(at(data, core), change)
  let next = updateAt(updateAt(data, flat, withLists(flatLists)), core, withLists(coreLists))
  if (isEmpty(offsetOrNull(data, 'enabledFilters')) || lookup.unfiltered === null) return next as JsonMap
  const whole = ['_unfilteredData', 'Event', '_AttributeFlattened', lookup.unfiltered.flattened.get(id) ?? '']
  next = updateAt(next, whole, withLists(flatLists))
  const wholeCore = ['_unfilteredData', ...corePath(lookup.unfiltered.core.get(id))]
  return updateAt(next, wholeCore, withLists(coreLists)) as JsonMap
}

/** Puts tags that were attached to an attribute (or detached from it) into the roaming data. Returns the look-up for the next one. */
export function showOnAttribute(
  ctx: ModuleContext,
  lookup: Lookup,
  attribute: Json,
  {
    remove,
    names,
    options
  }: { readonly remove: boolean; readonly names: readonly Json[]; readonly options: TagOptions }
): Lookup {
  const data = ctx.getData()
  ctx.setData(tagAttribute(data, lookup, attribute, changing(remove, names, options)))
  // Without filters every attribute stays where it is.
  return isEmpty(offsetOrNull(data, 'enabledFilters')) ? lookup : laterLookup(ctx, lookup)
}

/** Module_tag_operation::__addTagsToAttributes and __removeTagsFromAttributes. True when it worked for at least one. */
export function* operateOnAttributes(
  ctx: ModuleContext,
  attributes: Json,
  options: TagOptions,
  remove: boolean
): Gen<boolean> {
  let lookup = rememberAttributes(ctx)
  const operate = remove ? detachTagsFromAttribute : attachTagsToAttribute
  let success = false
  for (const attribute of itemsOf(attributes)) {
    const names: Json[] = []
    const done = yield* operate(ctx, offset(attribute, 'id'), offset(attribute, 'event_id'), options, names)
    if (done) lookup = showOnAttribute(ctx, lookup, attribute, { remove, names, options })
    success ||= done
  }
  return success
}

/** Module_tag_operation::__addTagsToEvent and __removeTagsFromEvent. */
export function* operateOnEvent(ctx: ModuleContext, event: Json, options: TagOptions, remove: boolean): Gen<boolean> {
  const operate = remove ? detachTagsFromEvent : attachTagsToEvent
  const names: Json[] = []
  const done = yield* operate(ctx, offset(offset(event, 'Event'), 'id'), options, names)
  if (!done) return false
  const data = ctx.getData()
  const before = offset(data, 'Event')
  const tags = changing(remove, names, options)(offset(before, 'Tag'))
  ctx.setData({ ...data, Event: withKey(isArray(before) ? before : [], 'Tag', tags) as Json })
  return true
}
