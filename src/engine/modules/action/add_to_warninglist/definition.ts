import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { customWarninglists } from '../../describe/world-options.ts'
import { nothing } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineAction({
  id: 'add_to_warninglist',
  name: 'Add to warninglist',
  description: 'Append attributes to an active custom warninglist.',
  icon: 'exclamation-triangle',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'warninglist',
      label: 'Warninglist',
      type: 'picker',
      options: [],
      placeholder: 'No warninglist selected',
      picker_options: { placeholder_text: 'No active custom warninglist available' }
    }
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [{ part: 'warninglists', what: 'warninglists', param: 'warninglist', columns: ['id', 'name'] }],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null,
  selects: attributes('added')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ warninglist: customWarninglists(from) })

export const explain = explains(definition, (node) =>
  node.isBlank('warninglist')
    ? doesNothing`Does nothing and fails: ${node.by('warninglist', 'no warninglist is chosen')}.`
    : say`Adds the values of ${node.attributes} to the custom warninglist with id ${node.the('warninglist')} in the database; a deleted or disabled list causes an error.`
)
