import { say } from '../../../../contract/sentence.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineMail, explainMail } from '../../describe/mail.ts'
import { logRecipients } from '../../describe/world-options.ts'
import { nothing } from '../../describe/fires.ts'
import { withoutTemplates } from '../../describe/unmarked.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineMail({
  id: 'send-log-mail',
  name: 'Send Log Mail',
  description:
    'Allow to send a Mail to a list or recipients, based on a Log trigger. Requires functional misp-modules to be functional.'
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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ recipients: logRecipients(from) })

export const explain = explainMail(
  definition,
  say` (\`Org admins\`: those of the organisation of the log entry’s user)`
)

export const versions = { '2.4.177': { definition: withoutTemplates(definition) } }
