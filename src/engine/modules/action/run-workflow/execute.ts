import type { Json, JsonMap } from '../../../../contract/json.ts'
import { extractData, filtersEnabled, getFilters, getItemsMatchingCondition } from '../../../conditions/conditions.ts'
import { extract } from '../../../hash/hash.ts'
import { phpString } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isEmpty } from '../../../php/values.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf, rememberAttributes } from '../../shared/attributes.ts'
import { nodeData } from '../../shared/params.ts'
import { reloadRoamingData } from '../../shared/reload.ts'

/** Module_run_workflow::getEventUUIDS: true where the filter finds nothing, which then is what is passed. */
function eventUuids(ctx: ModuleContext, data: JsonMap): Json {
  const node = nodeData(ctx.node)
  const { selector, value, operator, path } = getFilters(node)
  const extracted = extractData(data, selector)
  if (extracted === false) return false
  const items = getItemsMatchingCondition(extracted, value, operator, path, ctx.profile)
  if (!filtersEnabled(node)) return extract(data, 'Event.uuid') as Json
  return isEmpty(items) ? true : extractData(items, '{n}.uuid')
}

/** The id of the workflow that the picker shows under a name; null for a name that is gone. */
function idByName(ctx: ModuleContext, name: string): string | null {
  const found = ctx
    .adHocWorkflows()
    .findLast((row) => `${phpString(row['trigger_id'] ?? null)} :: ${phpString(row['name'] ?? null)}` === name)
  return found === undefined ? null : phpString(found['id'] ?? null)
}

/** Module_run_workflow::exec. */
export const execute: Execute = function* (ctx) {
  rememberAttributes(ctx)
  const data = ctx.getData()
  const { workflows = '', input_data = '' } = yield* ctx.params()
  if (isEmpty(workflows)) {
    ctx.addError('No workflow selected')
    return false
  }
  let payload: JsonMap = [] as unknown as JsonMap
  if (looseEquals(input_data, 'roaming_data')) payload = data
  else if (looseEquals(input_data, 'event_ids')) {
    const uuids = eventUuids(ctx, data)
    if (isEmpty(uuids)) return false
    payload = { eventid: uuids }
  }
  for (const name of itemsOf(workflows)) yield* ctx.runWorkflow(idByName(ctx, phpString(name)), payload)
  reloadRoamingData(ctx)
  return true
}
