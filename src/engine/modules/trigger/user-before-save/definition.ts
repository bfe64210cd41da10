import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'

export const definition = defineTrigger({
  id: 'user-before-save',
  name: 'User Before Save',
  description: 'This trigger is called just before a user is save in the database',
  icon: 'user-plus',
  blocking: true,
  scope: 'user'
})

export const explain: Explain = () =>
  'Runs at once, inside the operation, before a user is saved: blocking here prevents the save; the data is not in core format.'
