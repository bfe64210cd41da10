import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'user-before-save',
  name: 'User Before Save',
  description: 'This trigger is called just before a user is save in the database',
  icon: 'user-plus',
  blocking: true,
  scope: 'user'
})

export const facts: TriggerFacts = {
  refused: 'The user was not saved.',
  silent: 'Logging in and out saves the user without firing it.'
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, before a user is saved: blocking here prevents the save; the data is not in core format.`
