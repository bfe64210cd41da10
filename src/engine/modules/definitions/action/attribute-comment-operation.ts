import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

export const definition = defineAction({
  id: 'Module_attribute_comment_operation',
  name: 'Attribute comment operation',
  description: "Set the Attribute's comment to the selected value",
  icon: 'edit',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    { id: 'comment', label: 'Comment', type: 'textarea', placeholder: 'Comment to be set', jinja_supported: true }
  ]
})

export const explain: Explain = () => definition.description
