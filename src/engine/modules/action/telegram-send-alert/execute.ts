import { phpString } from '../../../php/cast.ts'
import type { Execute } from '../../context.ts'
import { isOk, sendRequest } from '../../shared/http.ts'

/** Module_telegram_send_alert::exec. No setting holds it back, and a failing connection is an exception of the node. */
const send = (prefix: string): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    const { bot_token = '', chat_id = '', message_body_template = '' } = yield* ctx.params()
    const text = ctx.profile.rendersParameters
      ? message_body_template
      : yield* ctx.render(message_body_template, data, 'message_body_template')
    const response = yield* sendRequest(ctx, {
      url: `https://api.telegram.org/${prefix}${phpString(bot_token)}/sendMessage`,
      contentType: 'application/json',
      data: { chat_id, text, parse_mode: 'HTML' }
    })
    if (isOk(response)) return true
    ctx.addError(
      response.status === 401 ? 'Authentication failed' : `Something went wrong with the request: ${response.body}`
    )
    return false
  }

export const execute = send('bot')
/** The token has to begin with `bot` there. */
export const versions = { '2.4.177': { execute: send('') } }
