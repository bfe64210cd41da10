import type { JsonMap } from '../../../contract/json.ts'
import { convert } from '../../format/workflow-format.ts'
import { phpError } from '../../php/exceptions.ts'
import { isEmpty } from '../../php/values.ts'
import type { ModuleContext } from '../context.ts'
import { offset } from './params.ts'

/** WorkflowBaseModule::reloadRoamingData: the event of the database in core format replaces the roaming data. */
export function reloadRoamingData(ctx: ModuleContext): void {
  const id = offset(offset(ctx.getData(), 'Event'), 'id')
  // Event::fetchEvent without an id has no condition, so that MISP takes the first event of all.
  const event: JsonMap | null = isEmpty(id) ? ctx.world.fetchFirstEvent() : ctx.world.fetchEvent(id)
  if (event === null) {
    throw phpError(
      'TypeError',
      'WorkflowFormatConverterTool::convert(): Argument #1 ($data) must be of type array, null given'
    )
  }
  ctx.setData(convert(event, ctx.world, ctx.profile))
}
