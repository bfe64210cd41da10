import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineTrigger({
  id: 'shadow-attribute-before-save',
  name: 'Shadow Attribute Before Save',
  description: 'This trigger is called just before a Shadow Attribute is saved in the database',
  icon: 'comment',
  blocking: true,
  scope: 'shadow-attribute',
  misp_core_format: true,
  trigger_overhead: 2,
  trigger_overhead_message:
    'This trigger is called each time a Shadow Attribute is about to be saved. This means that when a large quantity of Shadow Attributes are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Shadow Attributes.'
})

export const facts: TriggerFacts = {
  // ShadowAttribute::beforeSave, ShadowAttributesController.
  refused: {
    not: 'The proposal was not saved.',
    but: () =>
      'The person sees that the proposal could not be saved, but not why: the stop text is only in MISP’s log. The attribute stays as it is.'
  },
  silent: null
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, before a proposal is saved: blocking here prevents the save.`
