import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../define.ts'

export const definition = defineTrigger({
  id: 'user-before-save',
  name: 'User Before Save',
  description: 'This trigger is called just before a user is save in the database',
  icon: 'user-plus',
  blocking: true,
  scope: 'user'
})

export const explain: Explain = () => definition.description
