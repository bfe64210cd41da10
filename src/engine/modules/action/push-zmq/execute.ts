import type { Json } from '../../../../contract/json.ts'
import { phpString } from '../../../php/cast.ts'
import type { Gen } from '../../../effects/signals.ts'
import { extractData } from '../../../conditions/conditions.ts'
import type { Execute, ModuleContext } from '../../context.ts'

/** WorkflowBaseModule::push_zmq. MISP pushes whether or not its ZeroMQ is switched on. */
export function* pushZmq(ctx: ModuleContext, message: Json): Gen<void> {
  yield* ctx.ask({ kind: 'zmq', topic: 'misp_json_workflow', message })
}

/** Module_push_zmq::exec. An empty path pushes all data. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { data_extraction_path: path = '' } = yield* ctx.params()
  const found = extractData(data, path)
  if (found === false) {
    ctx.addError(`Error while trying to extract data with path \`${phpString(path)}\``)
    return false
  }
  yield* pushZmq(ctx, found)
  return true
}
