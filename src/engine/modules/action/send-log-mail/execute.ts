import { executeMail, rolesWith, takeOut, text } from '../../shared/mail.ts'
import { offset } from '../../shared/params.ts'

/**
 * Module_send_log_mail: "Org admins" are the administrators of the organisation of the user that the log entry names. An
 * unknown user (0 too) adds nobody.
 */
export const execute = executeMail((ctx, data, found) => {
  if (!takeOut(found, 'Org admins')) return
  const userId = text(offset(offset(data, 'Log'), 'user_id'))
  const organisation = ctx.world.find('users', (user) => text(user['id']) === userId)?.['org_id']
  if (organisation === undefined) return
  const roles = rolesWith(ctx, 'perm_admin')
  found.conditions.push((user) => roles.has(text(user['role_id'])) && text(user['org_id']) === text(organisation))
})
