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
  // User::beforeSave, UsersController.
  refused: {
    not: 'The user was not saved.',
    but: () =>
      'An existing user stays as before. The person sees “The user could not be saved. Please, try again.”: the stop text is only in MISP’s log.'
  },
  silent: 'Logging in and out saves the user without firing it.'
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, before a user is saved: blocking here prevents the save; the data is not in core format.`
