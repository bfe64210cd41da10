// AdHocTrigger: one module for each stored workflow that somebody starts by hand, under the workflow's own trigger id (`adhoc_3`). It is
// none of the modules that MISP lists.
import { say } from '../../../contract/sentence.ts'
import { defineTrigger } from '../define.ts'
import type { ModuleEntry } from '../define.ts'
import { explains } from '../describe/node-words.ts'
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
  refused: {
    not: 'Whoever started the workflow was told that it did not succeed; nothing else was stopped.',
    but: () => null
  },
  silent: null,
  widest: { scope: 'passed_roaming_data', filters: '{}' }
}

const explain = explains(definition, (node) => {
  const scope = node.text('scope')
  const where =
    scope === 'passed_roaming_data'
      ? node.by('scope', 'on the data that is passed to it, once')
      : scope === 'passed_event_ids'
        ? node.by('scope', 'on each event whose id or uuid is passed to it')
        : scope === 'events'
          ? say`${node.by('scope', 'on each event')} that a search by ${node.the('filters')} finds`
          : say`on nothing: MISP knows no scope ${node.the('scope')}`
  const template = node.hasTemplate('filters') && ' MISP does not render a template here: it is read as JSON.'
  return say`Started by hand or by \`run-workflow\`; runs ${where}, with a complete run for each.${template}`
})

export const adHocModule: ModuleEntry<'trigger'> = { definition, facts, explain }
