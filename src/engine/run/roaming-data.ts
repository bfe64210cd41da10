// MISP's WorkflowRoamingData: the data that travels through a workflow, read through the filters that it carries itself
// (`enabledFilters`).
import type { Json, JsonMap } from '../../contract/json.ts'
import { insert, remove } from '../hash/hash.ts'
import type { HashScope } from '../hash/report.ts'
import { stringArgument } from '../php/cast.ts'
import { phpError } from '../php/exceptions.ts'
import { at, dig, entries, expectArray, isArray, isEmpty, phpType } from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import type { Profile } from '../profiles/profile.ts'
import { extractData, getItemsMatchingCondition } from '../conditions/conditions.ts'

/** A handle on one run's data. Values are immutable; the handle changes which one is current. */
export interface RoamingData {
  /** As stored, unfiltered. */
  readonly stored: () => JsonMap
  /** WorkflowRoamingData::getData: through the enabled filters. The same object as long as nothing is stored. Throws what MISP throws. */
  readonly getData: () => JsonMap
  /** WorkflowRoamingData::setData. */
  readonly setData: (data: JsonMap) => void
}

/** A handle with its first data. */
export const createRoamingData = (initial: Json, profile: Profile, scope?: HashScope): RoamingData => {
  let stored = asRoaming(initial, 'WorkflowRoamingData::__construct(): Argument #2 ($data)')
  let view: JsonMap | null = null
  return {
    stored: () => stored,
    getData: () => (view ??= applyFilters(stored, profile, scope)),
    setData: (data) => {
      stored = asRoaming(data, 'WorkflowRoamingData::setData(): Argument #1 ($data)')
      view = null
    }
  }
}

// Roaming data may be an empty array or a list; its type says map because that is how modules read it.
const asRoaming = (data: Json, where: string): JsonMap => expectArray(data, where) as JsonMap

/** WorkflowRoamingData::getEnabledFilters. */
const enabledFilters = (data: JsonMap): PhpArray => {
  const filters = dig(data, 'enabledFilters')
  if (isEmpty(filters)) return []
  if (isArray(filters)) return filters
  throw phpError(
    'TypeError',
    `WorkflowRoamingData::getEnabledFilters(): Return value must be of type array, ${phpType(filters)} returned`
  )
}

/** WorkflowRoamingData::filterDataIfNeeded: the data as modules see it. The data itself when no filter is on or nothing is dropped. */
const applyFilters = (data: JsonMap, profile: Profile, scope?: HashScope): JsonMap => {
  let view: PhpArray = data
  for (const [, options] of entries(enabledFilters(data))) view = applyFilter(view, options, profile, scope)
  return view as JsonMap
}

const applyFilter = (data: PhpArray, given: Json, profile: Profile, scope?: HashScope): PhpArray => {
  const options = expectArray(given, 'WorkflowRoamingData::applyFilter(): Argument #2 ($filteringOptions)')
  const selector = cutSelector(at(options, 'selector') ?? null)
  const kept = keptItems(extractData(data, selector, scope), options, profile, scope)
  // WorkflowRoamingData::applyFilter removes first and then inserts into the data it had before: only what remove throws counts.
  remove(data, selector)
  return insert(data, selector, kept, scope)
}

interface Applied {
  readonly options: PhpArray
  readonly profile: Profile
  readonly kept: Json
}

/** What filters have made of lists; both are immutable, so the same filter on the same list keeps the same items. */
const applied = new WeakMap<object, readonly Applied[]>()
const rememberedPerList = 4

/**
 * WorkflowBaseModule::getItemsMatchingCondition with a filter's options. MISP applies every filter at every read again; a filter judges
 * each item alone, so a list that it has been applied to, and what it kept of one, need no second look.
 */
const keptItems = (items: Json, options: PhpArray, profile: Profile, scope?: HashScope): Json => {
  const known = isArray(items)
    ? applied.get(items)?.find((entry) => entry.options === options && entry.profile === profile)
    : undefined
  if (known) return known.kept
  const field = (name: string): Json => at(options, name) ?? null
  const kept = getItemsMatchingCondition(items, field('value'), field('operator'), field('path'), profile, scope)
  for (const list of new Set([items, kept])) {
    if (isArray(list))
      applied.set(list, [{ options, profile, kept }, ...(applied.get(list) ?? [])].slice(0, rememberedPerList))
  }
  return kept
}

/** A trailing `.{n}` goes, so that the list itself is replaced. */
const cutSelector = (selector: Json): Json => {
  const text = stringArgument(selector, 'substr(): Argument #1 ($string)')
  return text.endsWith('.{n}') ? text.slice(0, -4) : selector
}
