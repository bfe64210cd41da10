import type { ModuleEntry } from '../../define.ts'
import { defineMail, explainMail } from '../../describe/mail.ts'
import { recipients } from '../../describe/world-options.ts'
import { nothing } from '../../describe/fires.ts'
import { withoutTemplates } from '../../describe/unmarked.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineMail({
  id: 'send-mail',
  name: 'Send Mail',
  description: 'Allow to send a Mail to a list or recipients. Requires functional misp-modules to be functional.'
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [{ part: 'users', what: 'users', param: 'recipients', columns: ['email'] }],
  sends: [{ to: 'mail', param: 'recipients' }],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ recipients: recipients(from) })

export const explain = explainMail(definition)

// MISP corrected its spelling.
export const versions = {
  '2.4.177': { definition: withoutTemplates(definition) },
  '2.5.19': { definition: { ...definition, description: definition.description.replace('list or', 'list of') } }
}
