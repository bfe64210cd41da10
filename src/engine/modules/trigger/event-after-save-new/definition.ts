import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'event-after-save-new',
  name: 'Event After Save New',
  description: 'This trigger is called after a new Event has been saved in the database',
  icon: 'envelope',
  scope: 'event',
  misp_core_format: true
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'Events received by pull fire event-after-save-new-from-pull instead.'
}

export const explain: Explain = () => say`Runs later, in a background job, after a new event was saved.`
