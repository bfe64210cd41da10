import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'event-after-save-new-from-pull',
  name: 'Event After Save New From Pull',
  description:
    'This trigger is called after a new Event has been saved in the database from a PULL operation. This trigger executes in place of `event-after-save-new`',
  icon: 'envelope',
  scope: 'event',
  misp_core_format: true
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'Only new events received by pull fire it; updates of existing events do not.'
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a new event was saved by a pull, in place of \`event-after-save-new\`.`
