// What the two mail modules share: their parameters, and what they say of them.
import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'
import { defineAction } from '../define.ts'
import { isBlank, listOf, quote, quoteAll, valueOf } from './say.ts'

const template = (id: string, label: string) => ({
  id,
  label,
  type: 'textarea',
  placeholder: 'The **template** will be rendered using *Jinja2*!',
  jinja_supported: true
})

export const defineMail = <const Id extends string>(own: {
  readonly id: Id
  readonly name: string
  readonly description: string
}) =>
  defineAction({
    ...own,
    icon: 'envelope',
    inputs: 1,
    outputs: 1,
    params: [
      { id: 'recipients', label: 'Recipients', type: 'picker', multiple: true, options: [], default: ['All admins'] },
      template('mail_template_subject', 'Mail template subject'),
      template('mail_template_body', 'Mail template body')
    ]
  })

/** `aside`: what is to be known of this module's recipients, behind their names. */
export const explainMail =
  (definition: ModuleDefinition, aside = ''): Explain =>
  (input) => {
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
    return `Mails the subject ${quote(subject ?? '')}${empty} to ${to}${aside}; subject and body are rendered as templates, which needs misp-modules.`
  }
