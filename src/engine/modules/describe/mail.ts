// What the two mail modules share: their parameters, and what they say of them.
import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'
import { aborts, doesNothing, say } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { defineAction } from '../define.ts'
import { explains } from './node-words.ts'

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
export const explainMail = (definition: ModuleDefinition, aside: Sentence | null = null): Explain =>
  explains(definition, (node) => {
    if (node.isBlank('recipients'))
      return doesNothing`Sends nothing and fails: ${node.by('recipients', 'no recipient is set')}.`
    if (node.isBlank('mail_template_subject'))
      return doesNothing`Sends nothing and fails: ${node.by('mail_template_subject', 'no subject is set')}${node.whyEmpty('mail_template_subject')}.`
    if (typeof node.value('recipients') !== 'object')
      return aborts`Aborts the run with a TypeError: the recipients are the text ${node.the('recipients')}, not a list.`
    const empty =
      node.isBlank('mail_template_body') &&
      say`, ${node.by('mail_template_body', 'with an empty body')}${node.whyEmpty('mail_template_body')},`
    const to = node.list('recipients').includes('All accounts')
      ? node.by('recipients', 'every account')
      : node.each('recipients', 'and')
    return say`Mails the subject ${node.the('mail_template_subject')}${empty} to ${to}${aside}; subject and body are rendered as templates, which needs misp-modules.`
  })
