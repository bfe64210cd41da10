import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { recipients } from '../world-options.ts'

export const definition = defineAction({
  id: 'send-mail',
  name: 'Send Mail',
  description: 'Allow to send a Mail to a list or recipients. Requires functional misp-modules to be functional.',
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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ recipients: recipients(from) })

export const explain: Explain = () => definition.description
