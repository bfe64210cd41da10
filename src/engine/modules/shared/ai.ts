// What MISP's AI modules share: the reports that they are about, and the setting that switches them on. What an AI answers is nobody's to
// tell.
import type { Json } from '../../../contract/json.ts'
import { extractData, filtersEnabled, getFilters, getItemsMatchingCondition } from '../../conditions/conditions.ts'
import { at, isArray, isEmpty, values } from '../../php/values.ts'
import type { ModuleContext } from '../context.ts'
import { nodeData, offsetOrNull } from './params.ts'

/** What the node's filter leaves, else the whole data; false when Hash throws. */
export function selectReports(ctx: ModuleContext): Json {
  const data = ctx.getData()
  const node = nodeData(ctx.node)
  if (!filtersEnabled(node)) return data
  const { selector, value, operator, path } = getFilters(node)
  const extracted = extractData(data, selector)
  return extracted === false ? false : getItemsMatchingCondition(extracted, value, operator, path, ctx.profile)
}

/** collectReports(): of the whole event, of a list that holds it, or a list of reports, which are known by a column and their content. */
export function reportsOf(items: Json, column: 'id' | 'uuid'): readonly Json[] {
  if (!isArray(items)) return []
  const own = offsetOrNull(offsetOrNull(items, 'Event'), 'EventReport')
  if (isArray(own)) return values(own)
  return values(items).flatMap((item) => {
    const below = offsetOrNull(item, 'EventReport')
    if (isArray(below)) return values(below)
    return offsetOrNull(item, column) !== null && at(item, 'content') !== undefined ? [item] : []
  })
}

/** Adds MISP's error when the AI services are off. */
export function aiIsOff(ctx: ModuleContext): boolean {
  if (!isEmpty(ctx.settings['Plugin.AI_services_enable'] ?? null)) return false
  ctx.addError('The AI services are not enabled on this instance.')
  return true
}
