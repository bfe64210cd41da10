import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'attribute-after-save',
  name: 'Attribute After Save',
  description: 'This trigger is called after an Attribute has been saved in the database',
  icon: 'cube',
  scope: 'attribute',
  misp_core_format: true,
  trigger_overhead: 3,
  trigger_overhead_message:
    'This trigger is called each time an Attribute has been saved. This means that when a large quantity of Attributes are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Attributes.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'Attributes saved in fast mode (event updates by synchronisation with fast_update) do not fire it.'
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after an attribute was saved: the data is the event with only this attribute.`
