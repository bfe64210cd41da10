import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../define.ts'

export const definition = defineLogic({
  id: 'count-if',
  name: 'IF :: Count',
  description:
    'Count IF / ELSE condition block. It counts the amount of entry selected by the provided hashpath. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  params: [
    {
      id: 'selector',
      label: 'Data selector to count',
      type: 'hashpath',
      placeholder: 'Event.Tag.{n}.name',
      hashpath: { is_sub_selector: false }
    },
    {
      id: 'operator',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: {
        equals: 'Equals to',
        not_equals: 'Not Equals to',
        greater: 'Greater than',
        greater_equals: 'Greater or equals than',
        less: 'Less than',
        less_equals: 'Less or equals than'
      }
    },
    { id: 'value', label: 'Value', type: 'input', placeholder: '50' }
  ],
  extra: { html_template: 'if' }
})

export const explain: Explain = () => definition.description
