import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const missingIn = '2.4.198'

export const definition = defineTrigger({
  id: 'event-report-after-save',
  name: 'Event Report After Save',
  description: 'This trigger is called after an Event Report has been saved in the database',
  icon: 'file-alt',
  scope: 'event-report',
  misp_core_format: true
})

export const facts: TriggerFacts = {
  refused: null,
  silent: null
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after an event report was saved: the data is the report’s event.`
