import type { Json } from '../../../../contract/json.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isArray, isEmpty, withKeys } from '../../../php/values.ts'
import { getMatchingItemsForAttributes } from '../../../conditions/conditions.ts'
import { asMap } from '../../../php/values.ts'
import { saveEvent, touchEvent } from '../../../world/models/event.ts'
import type { Execute } from '../../context.ts'
import { nodeData, offsetOrNull } from '../../shared/params.ts'

/**
 * Module_event_distribution_operation::exec. An event without attributes is left alone. The event is saved as it stands in the roaming
 * data, which keeps its old timestamp and published flag.
 */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { freeze = '', distribution = '', sharing_group_id = '' } = yield* ctx.params()
  if (isEmpty(getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile))) return true
  const changes: [string, Json][] = [['distribution', distribution]]
  if (looseEquals(distribution, 4)) changes.push(['sharing_group_id', sharing_group_id])
  const before = offsetOrNull(data, 'Event')
  const event = withKeys(isArray(before) ? before : [], changes)
  const saved = yield* saveEvent(ctx, asMap(event as Json))
  if (saved && !looseEquals(freeze, 'freeze')) yield* touchEvent(ctx, offsetOrNull(event as Json, 'id'))
  ctx.setData(saved ? { ...data, Event: event as Json } : data)
  return saved
}
