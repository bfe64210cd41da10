import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, editsAttributes } from '../../describe/fires.ts'
import { withoutTemplates } from '../../describe/unmarked.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

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

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [],
  fires: alwaysFires(editsAttributes),
  adds: [],
  arbitraryUrls: null,
  selects: attributes('saved')
}

export const explain = explains(definition, (node) => {
  const isTemplate = node.hasTemplate('comment')
  const what =
    node.text('comment') === ''
      ? node.by('comment', 'an empty comment')
      : say`${isTemplate ? 'the rendered template' : 'the comment'} ${node.the('comment')}`
  const once = isTemplate && ' The template is rendered once, with the whole data, not for each attribute.'
  return say`Gives ${what} to ${node.attributes}, in the roaming data and in the database, where the whole attribute is overwritten by what the roaming data holds.${once}`
})

export const versions = { '2.4.177': { definition: withoutTemplates(definition) } }
