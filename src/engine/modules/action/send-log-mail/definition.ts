import type { ModuleEntry } from '../../define.ts'
import { defineMail, explainMail } from '../../describe/mail.ts'
import { logRecipients } from '../../describe/world-options.ts'

export const definition = defineMail({
  id: 'send-log-mail',
  name: 'Send Log Mail',
  description:
    'Allow to send a Mail to a list or recipients, based on a Log trigger. Requires functional misp-modules to be functional.'
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ recipients: logRecipients(from) })

export const explain = explainMail(definition, " (`Org admins`: those of the organisation of the log entry's user)")
