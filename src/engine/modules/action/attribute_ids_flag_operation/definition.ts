import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { attributes, valueOf } from '../../describe/say.ts'
import { alwaysFires, editsAttributes } from '../../describe/fires.ts'
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
  arbitraryUrls: null
}

export const explain: Explain = (input) => {
  const removes = valueOf(input, definition, 'action') === 'remove'
  return `${removes ? 'Clears' : 'Sets (it does not toggle)'} the IDS flag of ${attributes(input)}, in the roaming data and in the database, where the whole attribute is overwritten by what the roaming data holds.`
}
