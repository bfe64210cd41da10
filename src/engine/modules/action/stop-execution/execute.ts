import { isEmpty } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'

/** Module_stop_execution::exec. The message "0" counts as none. */
export const execute: Execute = function* (ctx) {
  ctx.getData()
  const { message = '' } = yield* ctx.params()
  const standard = ctx.definition.params.find((param) => param.id === 'message')?.['default'] ?? ''
  ctx.addError(isEmpty(message) ? standard : message)
  return false
}

/** Version 0.1 knows no message. */
const stop: Execute = (ctx) => {
  ctx.getData()
  ctx.addError('Execution stopped')
  return false
}

export const versions = { '2.4.177': { execute: stop } }
