import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineTrigger({
  id: 'sighting-after-save',
  name: 'Sighting After Save',
  description: 'This trigger is called when a sighting has been saved',
  icon: 'eye',
  scope: 'sighting',
  misp_core_format: true,
  trigger_overhead: 2,
  trigger_overhead_message:
    'This trigger is called each time a Sighting has been saved. This means that when a large quantity of Sightings are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Sightings.'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: null
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a sighting was saved: the data is the event with only the sighted attribute.`
