import { say, doesNothing, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
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

const explainWith = (readsPath: boolean): Explain =>
  explains(definition, (node) => {
    if (node.isEmptyText('url')) return doesNothing`Sends nothing and fails: ${node.by('url', 'no URL is set')}.`
    const path = node.text('data_extraction_path') === '' ? null : node.the('data_extraction_path')
    const what = path && readsPath ? say`what ${path} finds in the roaming data` : 'the whole roaming data'
    const unread = path && !readsPath && say` The data extraction path ${path} is ignored.`
    return say`Posts ${what}, as JSON inside the form field \`text\`, to ${node.the('url')}.${unread} Needs ${mispSetting('Security.rest_client_enable_arbitrary_urls')}.`
  })

export const explain = explainWith(false)

export const versions = {
  '2.4.177': { definition: { ...definition, version: '0.4' }, explain: explainWith(true) }
}
