import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { quote, valueOf } from '../../describe/say.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'ms-teams-webhook',
  name: 'MS Teams Webhook',
  version: '0.5',
  description: 'Perform callbacks to the MS Teams webhook provided by the "Incoming Webhook" connector',
  inputs: 1,
  outputs: 1,
  params: [
    { id: 'url', label: 'MS Teams Webhook URL', type: 'input', placeholder: 'https://example.com/test' },
    {
      id: 'content_type',
      label: 'Content type',
      type: 'select',
      default: 'form',
      options: { form: 'application/x-www-form-urlencoded' }
    },
    {
      id: 'data_extraction_path',
      label: 'Data extraction path',
      type: 'hashpath',
      default: '',
      placeholder: 'Attribute.{n}.AttributeTag.{n}.Tag.name'
    }
  ],
  extra: { icon_path: 'MS_Teams.png' }
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [{ to: 'url', param: 'url' }],
  fires: nothing,
  adds: [],
  arbitraryUrls: 'obeyed'
}

export const explain: Explain = (input) => {
  const url = String(valueOf(input, definition, 'url'))
  if (url === '' || url === '0') return 'Sends nothing and fails: no URL is set.'
  const path = String(valueOf(input, definition, 'data_extraction_path'))
  const unread = path === '' ? '' : ` The data extraction path ${quote(path)} is ignored.`
  return `Posts the whole roaming data, as JSON inside the form field \`text\`, to ${quote(url)}.${unread} Needs \`Security.rest_client_enable_arbitrary_urls\`.`
}

/** It does read the path there. */
const explainPath: Explain = (input) => {
  const path = String(valueOf(input, definition, 'data_extraction_path'))
  const whole = explain({ ...input, params: { ...input.params, data_extraction_path: '' } })
  return path === '' ? whole : whole.replace('the whole roaming data', `what ${quote(path)} finds in the roaming data`)
}

export const versions = { '2.4.177': { definition: { ...definition, version: '0.4' }, explain: explainPath } }
