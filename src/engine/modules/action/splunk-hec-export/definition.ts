import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { quote, valueOf } from '../../describe/say.ts'
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
  arbitraryUrls: 'obeyed'
}

export const explain: Explain = (input) => {
  const [url, token] = ['url', 'hec_token'].map((id) => String(valueOf(input, definition, id)))
  if (url === '' || url === '0') return 'Sends nothing and fails: no HEC URL is set.'
  if (token === '' || token === '0') return 'Sends nothing and fails: no HEC token is set.'
  return `Never sends anything to ${quote(url ?? '')}: MISP passes its TLS settings in place of the request method, and the run aborts with an Error.`
}

const explainSending: Explain = (input) => {
  const [url, token, each] = ['url', 'hec_token', 'event_per_attribute'].map((id) =>
    String(valueOf(input, definition, id))
  )
  if (url === '' || url === '0') return 'Sends nothing and fails: no HEC URL is set.'
  if (token === '' || token === '0') return 'Sends nothing and fails: no HEC token is set.'
  const what = each === '0' || each === '' ? 'the event' : 'each attribute with its event'
  return `Sends ${what} to the Splunk HTTP Event Collector at ${quote(url ?? '')}; fails, without saying why, unless every answer is a success. Certificates are not verified. Needs \`Security.rest_client_enable_arbitrary_urls\`.`
}

export const versions = { '2.4.177': { explain: explainSending } }
