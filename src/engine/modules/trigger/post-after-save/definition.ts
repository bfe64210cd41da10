import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'post-after-save',
  name: 'Post After Save',
  description: 'This trigger is called after a Post has been saved in the database',
  icon: 'comment',
  scope: 'post'
})

export const facts: TriggerFacts = {
  refused: null,
  silent: null
}

export const explain: Explain = () =>
  say`Runs later, in a background job, after a post of a discussion was saved; the data is not in core format.`
