import { publishEvent } from '../../../world/models/event.ts'
import type { Execute } from '../../context.ts'
import { offset } from '../../shared/params.ts'

/** Module_publish_event::exec. Pushing to other servers is not part of a run. */
export const execute: Execute = function* (ctx) {
  return (yield* publishEvent(ctx, offset(offset(ctx.getData(), 'Event'), 'id'))) === true
}
