import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'event-publish',
  name: 'Event Publish',
  description: 'This trigger is called just before a MISP Event starts the publishing process',
  icon: 'upload',
  blocking: true,
  scope: 'event',
  misp_core_format: true
})

export const facts: TriggerFacts = {
  refused: 'The event was not published.',
  silent: null
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, just before an event is published: blocking here prevents the publishing.`
