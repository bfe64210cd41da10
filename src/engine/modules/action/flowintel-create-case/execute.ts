import { CannotTell } from '../../../effects/cannot-tell.ts'
import { isEmpty } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { urlsForbidden } from '../webhook/execute.ts'

/** Module_flowintel_create_case::exec, up to what it hands to Module_webhook, whose present form is not known. */
export const execute: Execute = function* (ctx) {
  const { url = '', apikey = '' } = yield* ctx.params()
  if (isEmpty(url) || isEmpty(apikey)) {
    ctx.addError('No URL or API Key')
    return false
  }
  const forbidden = urlsForbidden(ctx)
  if (forbidden !== null) {
    ctx.addError(forbidden)
    return false
  }
  const text = 'How MISP sends a case to Flowintel, and what becomes of the answer, is not known to Retrace.'
  throw new CannotTell('FLOWINTEL_UNKNOWN', text)
}
