import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const missingIn = '2.4.198'

export const definition = defineTrigger({
  id: 'shadow-attribute-after-save',
  name: 'Shadow Attribute After Save',
  description: 'This trigger is called just after a Shadow Attribute has been saved in the database',
  icon: 'comment',
  scope: 'shadow-attribute',
  misp_core_format: true,
  trigger_overhead: 2,
  trigger_overhead_message:
    'This trigger is called each time a Shadow Attribute has been saved. This means that when a large quantity of Shadow Attributes are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Shadow Attributes.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'Proposals that are saved as deleted (accepted or discarded) do not fire it.'
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a proposal was saved: the data is the event, or the attribute it would change, with only this proposal.`
