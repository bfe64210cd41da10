import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'object-after-save',
  name: 'Object After Save',
  description: 'This trigger is called after an Object has been saved in the database',
  icon: 'cubes',
  scope: 'object',
  misp_core_format: true,
  trigger_overhead: 3,
  trigger_overhead_message:
    'This trigger is called each time an Object has been saved. This means that when a large quantity of Objects are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Objects.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: null
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after an object was saved: the data is the event with only this object.`
