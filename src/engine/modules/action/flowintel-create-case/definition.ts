import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineAction({
  id: 'flowintel-create-case',
  name: 'Flowintel :: Create case',
  version: '0.5',
  // MISP's own text.
  description: 'Perform callbacks to the MS Teams webhook provided by the "Incoming Webhook" connector',
  inputs: 1,
  outputs: 1,
  params: [
    { id: 'url', label: 'Flowintel URL', type: 'input', placeholder: 'https://flowintel-url.test' },
    {
      id: 'apikey',
      label: 'Flowintel API Key',
      type: 'input',
      placeholder: 'W4PWn54LzJ71TY55PzxChVBl4tyPuIkMPZ5iC0hRrSkQGfjF0pTYLp6CnHBP'
    },
    {
      id: 'create-reference',
      label: 'Create reference',
      type: 'select',
      default: 'yes',
      options: { yes: 'Reference the case in the Event', no: 'Do not reference the case' }
    },
    {
      id: 'case-name',
      label: 'Case name',
      type: 'textarea',
      default: '{{ Event.info }}',
      placeholder: '{{ Event.info }}',
      jinja_supported: true
    }
  ],
  extra: { icon_path: 'flowintel_logo.png' }
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

export const explain = explains(definition, (node) => {
  const missing = ['url', 'apikey'].find((id) => node.isBlank(id))
  return missing === undefined
    ? say`Creates a case for the event at the Flowintel of ${node.the('url')}. How this MISP sends that is not known to Retrace: a run ends here as \`cannot tell\`.`
    : doesNothing`Sends nothing and fails: ${node.by(missing, 'it needs a URL and an API key')}.`
})
