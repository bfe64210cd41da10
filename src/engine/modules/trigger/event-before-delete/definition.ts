import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineTrigger({
  id: 'event-before-delete',
  name: 'Event Before Delete',
  description: 'This trigger is called before an Event is about to be deleted from the database',
  icon: 'trash',
  scope: 'event',
  blocking: true,
  misp_core_format: true,
  trigger_overhead_message:
    "This trigger is called each time an Event is about to be deleted, which shouldn't happen that frequently."
})

export const facts: TriggerFacts = {
  refused: { not: 'The event was not deleted, as far as Retrace knows how MISP asks this trigger.', but: () => null },
  silent: 'How MISP fires this trigger could not be read: which deletions ask it is not known.'
}

export const explain: Explain = () =>
  say`Runs inside MISP before an event is deleted. How MISP fires it, and what a blocked workflow means for the deletion, is not known to Retrace.`
