import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { hasTemplate, quote, valueOf } from '../../describe/say.ts'
import { nothing } from '../../describe/fires.ts'
import { withoutTemplates } from '../../describe/unmarked.ts'
import type { ActionFacts } from '../../facts.ts'

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

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [{ to: 'origin', origin: 'https://api.telegram.org' }],
  fires: nothing,
  adds: [],
  arbitraryUrls: 'shown'
}

export const explain: Explain = (input) => {
  const text = (id: string): string => String(valueOf(input, definition, id))
  const [token, chat, body] = [text('bot_token'), text('chat_id'), text('message_body_template')]
  const missing = [token === '' && 'bot token', chat === '' && 'chat id', body === '' && 'message'].filter(Boolean)
  const problem = missing.length > 0 ? ` No ${missing.join(' and no ')} is set, so Telegram will reject it.` : ''
  const what =
    body === '' ? 'an empty message' : `${hasTemplate(body) ? 'the rendered template' : 'the text'} ${quote(body)}`
  return `Sends ${what} (as HTML) to ${chat === '' ? 'no Telegram chat' : `the Telegram chat ${quote(chat)}`}, also when \`Security.rest_client_enable_arbitrary_urls\` is off.${problem}`
}

export const versions = { '2.4.177': { definition: withoutTemplates(definition) } }
