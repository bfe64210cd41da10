import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'event-after-save',
  name: 'Event After Save',
  description: 'This trigger is called after an Event or any of its elements has been saved in the database',
  icon: 'envelope',
  scope: 'event',
  misp_core_format: true,
  trigger_overhead: 3,
  trigger_overhead_message:
    'This trigger is called each time an Event or Attribute have been saved. This means that when a large quantity of Attributes are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Attributes.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: null
}

export const explain: Explain = () => say`Runs later, in a background job, after an event or anything in it was saved.`
