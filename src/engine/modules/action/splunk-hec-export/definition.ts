import { say, aborts, doesNothing, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'splunk-hec-export',
  name: 'Splunk HEC export',
  version: '0.2',
  description:
    "Export Event Data to Splunk HTTP Event Collector. Due to the potential high amount of requests, it's recommanded to put this module after a `concurrent_task` logic module.",
  inputs: 1,
  expect_misp_core_format: true,
  params: [
    { id: 'url', label: 'HEC URL', type: 'input', placeholder: 'https://splunk:8088/services/collector/event' },
    {
      id: 'verify_tls',
      label: 'Verify HTTPS Certificate',
      type: 'select',
      options: { 1: 'True', 0: 'False' },
      default: 1
    },
    { id: 'hec_token', label: 'HEC Token', type: 'input', placeholder: '00000000-0000-0000-000000000000' },
    { id: 'source_type', label: 'Source Type', type: 'input', default: '', placeholder: 'misp:event' },
    {
      id: 'event_per_attribute',
      label: 'Create one Splunk Event per Attribute',
      type: 'select',
      options: { 1: 'True', 0: 'False' },
      default: 0
    },
    {
      id: 'data_extraction_model',
      label: 'Data extraction model (JSON)',
      type: 'textarea',
      default: '',
      placeholder: '{ "EventInfo": "Event.info", "AttributeValue": "Event.Attribute.{n}.value"}'
    }
  ],
  extra: { icon_path: 'Splunk.png' }
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [{ to: 'url', param: 'url' }],
  fires: nothing,
  adds: [],
  arbitraryUrls: 'obeyed',
  json: [{ param: 'data_extraction_model', then: 'the node fails' }]
}

const explainWith = (sends: (node: NodeWords) => Sentence): Explain =>
  explains(definition, (node) => {
    if (node.isEmptyText('url')) return doesNothing`Sends nothing and fails: ${node.by('url', 'no HEC URL is set')}.`
    if (node.isEmptyText('hec_token'))
      return doesNothing`Sends nothing and fails: ${node.by('hec_token', 'no HEC token is set')}.`
    return sends(node)
  })

export const explain = explainWith(
  (node) =>
    aborts`Never sends anything to ${node.the('url')}: MISP passes its TLS settings in place of the request method, and the run aborts with an Error.`
)

const explainSending = explainWith((node) => {
  const what = node.by(
    'event_per_attribute',
    node.isEmptyText('event_per_attribute') ? 'the event' : 'each attribute with its event'
  )
  return say`Sends ${what} to the Splunk HTTP Event Collector at ${node.the('url')}; fails, without saying why, unless every answer is a success. Certificates are not verified. Needs ${mispSetting('Security.rest_client_enable_arbitrary_urls')}.`
})

export const versions = { '2.4.177': { explain: explainSending } }
