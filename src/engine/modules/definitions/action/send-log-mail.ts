import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { logRecipients } from '../world-options.ts'
import { isBlank, listOf, quote, quoteAll, valueOf } from '../say.ts'

export const definition = defineAction({
  id: 'send-log-mail',
  name: 'Send Log Mail',
  description:
    'Allow to send a Mail to a list or recipients, based on a Log trigger. Requires functional misp-modules to be functional.',
  icon: 'envelope',
  inputs: 1,
  outputs: 1,
  params: [
    { id: 'recipients', label: 'Recipients', type: 'picker', multiple: true, options: [], default: ['All admins'] },
    {
      id: 'mail_template_subject',
      label: 'Mail template subject',
      type: 'textarea',
      placeholder: 'The **template** will be rendered using *Jinja2*!',
      jinja_supported: true
    },
    {
      id: 'mail_template_body',
      label: 'Mail template body',
      type: 'textarea',
      placeholder: 'The **template** will be rendered using *Jinja2*!',
      jinja_supported: true
    }
  ]
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ recipients: logRecipients(from) })

export const explain: Explain = (input) => {
  const [recipients, subject, body] = ['recipients', 'mail_template_subject', 'mail_template_body'].map((id) =>
    valueOf(input, definition, id)
  )
  if (isBlank(recipients ?? '')) return 'Sends nothing and fails: no recipient is set.'
  if (isBlank(subject ?? '')) return 'Sends nothing and fails: no subject is set.'
  if (typeof recipients !== 'object')
    return `Aborts the run with a TypeError: the recipients are the text ${quote(recipients ?? '')}, not a list.`
  const empty = isBlank(body ?? '') ? ', with an empty body,' : ''
  const everyone = listOf(recipients).includes('All accounts')
  const to = everyone ? 'every account' : quoteAll(listOf(recipients), 'and')
  return `Mails the subject ${quote(subject ?? '')}${empty} to ${to} (\`Org admins\`: those of the organisation of the log entry's user); subject and body are rendered as templates, so misp-modules must be up.`
}
