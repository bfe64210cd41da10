import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../define.ts'

export const definition = defineLogic({
  id: 'threat-level-if',
  name: 'IF :: Threat Level',
  description:
    'Threat Level IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  params: [
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: {
        equals: 'Is',
        not_equals: 'Is not',
        greater_or_equal_than: 'Greater or equal than',
        less_or_equal_than: 'Less or equal than'
      }
    },
    {
      id: 'threatlevel',
      label: 'Threat Level',
      type: 'select',
      default: 'Low',
      options: { 1: 'High', 2: 'Medium', 3: 'Low', 4: 'Undefined' },
      placeholder: 'Pick a threat level'
    }
  ],
  extra: { html_template: 'if' }
})

export const explain: Explain = () => definition.description
