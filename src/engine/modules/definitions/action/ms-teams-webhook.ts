import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

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

export const explain: Explain = () => definition.description
