import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, editsAttributes } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'attribute_ids_flag_operation',
  name: 'Attribute IDS Flag operation',
  description: 'Toggle or remove the IDS flag on selected attributes.',
  icon: 'edit',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'action',
      label: 'To IDS Flag',
      type: 'select',
      options: { add: 'Toggle IDS flag', remove: 'Remove IDS flag' },
      default: 'add'
    }
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
  const change = node.by('action', node.text('action') === 'remove' ? 'Clears' : 'Sets (it does not toggle)')
  return say`${change} the IDS flag of ${node.attributes}, in the roaming data and in the database, where the whole attribute is overwritten by what the roaming data holds.`
})
