import { phpString } from '../../../php/cast.ts'
import type { Execute } from '../../context.ts'
import { isOk, sendRequest } from '../../shared/http.ts'

/** Module_telegram_send_alert::exec. No setting holds it back, and a failing connection is an exception of the node. */
export const execute: Execute = function* (ctx) {
  ctx.getData()
  const { bot_token = '', chat_id = '', message_body_template = '' } = yield* ctx.params()
  const response = yield* sendRequest(ctx, {
    url: `https://api.telegram.org/bot${phpString(bot_token)}/sendMessage`,
    contentType: 'application/json',
    data: { chat_id, text: message_body_template, parse_mode: 'HTML' }
  })
  if (isOk(response)) return true
  ctx.addError(
    response.status === 401 ? 'Authentication failed' : `Something went wrong with the request: ${response.body}`
  )
  return false
}
