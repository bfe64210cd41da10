import { phpString } from '../../../php/cast.ts'
import { phpError } from '../../../php/exceptions.ts'
import { isEmpty } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'

/** Module_notify_user_toast::exec. The text is looked at first; without a user who caused the run it is a TypeError. */
export const execute: Execute = function* (ctx) {
  const { variant = '', toast_header: header = '', toast_body: body = '' } = yield* ctx.params()
  if (isEmpty(header) && isEmpty(body)) {
    ctx.addError('The toast text is empty.')
    return false
  }
  const user = ctx.initiator()
  if (user === null) {
    const what = 'User::checkIfUserIsValid(): Argument #1 ($user) must be of type array, null given'
    throw phpError('TypeError', what)
  }
  if (!isEmpty(user['disabled'])) return false
  const shown = `[${ctx.definition.id}] ${phpString(header)}`
  const whom = phpString(user['email'] ?? user['id'] ?? null)
  yield* ctx.note('USER_TOAST', `MISP shows ${whom} a toast (${phpString(variant)}): ${shown}: ${phpString(body)}`)
  return true
}
