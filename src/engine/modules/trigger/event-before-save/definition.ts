import { at, isEmpty } from '../../../php/values.ts'
import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineTrigger({
  id: 'event-before-save',
  name: 'Event Before Save',
  description: 'This trigger is called before an Event or any of its elements is about to be saved in the database',
  icon: 'envelope',
  blocking: true,
  scope: 'event',
  misp_core_format: true,
  trigger_overhead: 3,
  trigger_overhead_message:
    'This trigger is called each time an Event or Attribute is about to be saved. This means that when a large quantity of Attributes are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Attributes.'
})

export const facts: TriggerFacts = {
  // Event::beforeSave, and those who save events.
  refused: {
    not: 'The event was not saved.',
    but: (data) =>
      isEmpty(at(at(data, 'Event') ?? null, 'id') ?? null)
        ? 'It does not exist in MISP. The person is told that the event could not be saved, but not why: the stop text is only in MISP’s log.'
        : 'It stays as it was, this change is lost. The person is told at most that the event could not be saved: the stop text is only in MISP’s log.'
  },
  silent: null
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, before an event or anything in it is saved: blocking here prevents the save.`
