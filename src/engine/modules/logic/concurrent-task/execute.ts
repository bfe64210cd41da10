import { phpInt } from '../../../php/cast.ts'
import { withoutKey } from '../../../php/values.ts'
import type { JsonMap } from '../../../../contract/json.ts'
import type { Execute } from '../../context.ts'
import { offset } from '../../shared/params.ts'

/** Module_concurrent_task::exec. The walk has put the node of one connection into the data; each connection is one job. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const nodeId = phpInt(offset(data, '__node_id_to_exec'))
  ctx.setData(withoutKey(data, '__node_id_to_exec') as JsonMap)
  yield* ctx.queueWalk(nodeId, ctx.getData())
  return true
}
