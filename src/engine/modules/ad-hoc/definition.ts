// AdHocTrigger: one module for each stored workflow that somebody starts by hand, under the workflow's own trigger id (`adhoc_3`). It is
// none of the modules that MISP lists.
import type { Explain } from '../../../contract/modules.ts'
import { defineTrigger } from '../define.ts'
import type { ModuleEntry } from '../define.ts'
import { hasTemplate, quote, valueOf } from '../describe/say.ts'
import type { TriggerFacts } from '../facts.ts'

/** Workflow::isAdHocTrigger. */
export const isAdHocId = (triggerId: string): boolean => triggerId.startsWith('adhoc_')

const definition = defineTrigger({
  id: 'adhoc-trigger',
  name: 'Ad-Hoc',
  description: 'Ad-Hoc trigger to be called manually',
  icon: 'hand-pointer',
  blocking: true,
  misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Data Input Scope',
      type: 'select',
      default: 'events',
      options: {
        passed_roaming_data: 'Passed Roaming Data',
        passed_event_ids: 'Passed Event IDs',
        events: 'Events RestSearch'
      }
    },
    {
      id: 'filters',
      label: 'Search Filters',
      type: 'textarea',
      default: '{}',
      placeholder: '{\n    "publish_timestamp": "24h"\n}',
      jinja_supported: true,
      display_on: { scope: ['events', 'attributes'] }
    }
  ],
  extra: { html_template: 'trigger', is_adhoc: true }
})

const facts: TriggerFacts = {
  refused: 'Whoever started the workflow was told that it did not succeed; nothing else was stopped.',
  silent: null
}

const sources: { readonly [scope: string]: string } = {
  passed_roaming_data: 'on the data that is passed to it, once',
  passed_event_ids: 'on each event whose id or uuid is passed to it'
}

const explain: Explain = (input) => {
  const [scope, filters] = ['scope', 'filters'].map((id) => String(valueOf(input, definition, id)))
  const searched = `on each event that a search by ${quote(filters ?? '')} finds`
  const named = Object.hasOwn(sources, scope ?? '') ? sources[scope ?? ''] : undefined
  const where = scope === 'events' ? searched : (named ?? `on nothing: MISP knows no scope ${quote(scope ?? '')}`)
  const template = hasTemplate(filters ?? '') ? ' MISP does not render a template here: it is read as JSON.' : ''
  return `Started by hand or by \`run-workflow\`; runs ${where}, with a complete run for each.${template}`
}

export const adHocModule: ModuleEntry<'trigger'> = { definition, facts, explain }
