import { executeMail } from '../../shared/mail.ts'

/** Module_send_mail::exec. */
export const execute = executeMail(() => undefined)
