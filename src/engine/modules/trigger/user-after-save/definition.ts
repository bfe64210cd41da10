import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'user-after-save',
  name: 'User After Save',
  description: 'This trigger is called after a user has been saved in the database',
  icon: 'user-edit',
  scope: 'user'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: 'Logging in and out saves the user without firing it.'
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a user was saved; the data is not in core format.`
