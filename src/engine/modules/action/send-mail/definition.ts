import type { ModuleEntry } from '../../define.ts'
import { defineMail, explainMail } from '../../describe/mail.ts'
import { recipients } from '../../describe/world-options.ts'

export const definition = defineMail({
  id: 'send-mail',
  name: 'Send Mail',
  description: 'Allow to send a Mail to a list or recipients. Requires functional misp-modules to be functional.'
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ recipients: recipients(from) })

export const explain = explainMail(definition)
