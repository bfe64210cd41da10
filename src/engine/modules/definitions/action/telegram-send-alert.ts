import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

export const definition = defineAction({
  id: 'telegram-send-alert',
  name: 'Telegram Send Alert',
  description: 'Send a message alert to a Telegram channel',
  inputs: 1,
  outputs: 1,
  params: [
    { id: 'bot_token', label: 'Telegram Bot Token', type: 'input', placeholder: 'bot123:ABC' },
    { id: 'chat_id', label: 'Telegram Chat id', type: 'input', placeholder: '123' },
    {
      id: 'message_body_template',
      label: 'Message Body Template',
      type: 'textarea',
      placeholder: 'Template redendered using Jinja2',
      jinja_supported: true
    }
  ],
  extra: { icon_path: 'Telegram.png' }
})

export const explain: Explain = () => definition.description
