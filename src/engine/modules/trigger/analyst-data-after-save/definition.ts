import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineTrigger({
  id: 'analyst-data-after-save',
  name: 'Analyst Data After Save',
  description: 'This trigger is called after an Analyst Data has been saved in the database',
  icon: 'sticky-note',
  scope: 'analyst-data',
  misp_core_format: true,
  trigger_overhead_message: 'This trigger is called each time an Analyst Data has been saved.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'How MISP fires this trigger could not be read: which savings ask it is not known.'
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a note, an opinion or a relationship was saved on an event, attribute or event report; on an object MISP ends in an SQL error. How MISP fires it is not known to Retrace.`
