import { say, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
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

export const explain = explains(definition, (node) => {
  const isSet = (id: string): boolean => node.text(id) !== ''
  const missing = [
    !isSet('bot_token') && node.by('bot_token', 'bot token'),
    !isSet('chat_id') && node.by('chat_id', 'chat id'),
    !isSet('message_body_template') && node.by('message_body_template', 'message')
  ].filter((one) => one !== false)
  const [first, ...others] = missing
  const problem =
    first &&
    say` No ${others.reduce((said, one) => say`${said} and no ${one}`, first)} is set, so Telegram will reject it.`
  const what = isSet('message_body_template')
    ? say`${node.hasTemplate('message_body_template') ? 'the rendered template' : 'the text'} ${node.the('message_body_template')}`
    : say`${node.by('message_body_template', 'an empty message')}${node.whyEmpty('message_body_template')}`
  const chat = isSet('chat_id') ? say`the Telegram chat ${node.the('chat_id')}` : node.by('chat_id', 'no Telegram chat')
  return say`Sends ${what} (as HTML) to ${chat}, also when ${mispSetting('Security.rest_client_enable_arbitrary_urls')} is off.${problem}`
})

export const versions = { '2.4.177': { definition: withoutTemplates(definition) } }
