import { doesNothing } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'attribute_edition_operation',
  name: 'Attribute edition operation',
  description: 'Base module allowing to modify attribute',
  icon: 'edit',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = () =>
  doesNothing`Does nothing and succeeds: it is the base of the modules that change attributes.`
