import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../define.ts'

export const definition = defineLogic({
  id: 'published-if',
  name: 'IF :: Published',
  description:
    'Published IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: { equals: 'Event is published', not_equals: 'Event is not published' }
    }
  ],
  extra: { html_template: 'if' }
})

export const explain: Explain = () => definition.description
