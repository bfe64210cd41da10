import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, editsAttributes } from '../../describe/fires.ts'
import { sharingGroups } from '../../describe/world-options.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5.19'

export const definition = defineAction({
  id: 'attribute_distribution_operation',
  name: 'Attribute distribution operation',
  description: "Set the Attribute's distribution to the selected level",
  icon: 'edit',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [distributionParam('part'), sharingGroupParam(false)]
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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

export const explain = explains(definition, (node) => {
  const isGroup = node.text('distribution') === '4'
  if (isGroup && node.isBlank('sharing_group_id'))
    return doesNothing`Changes nothing and fails: ${node.by('sharing_group_id', 'no sharing group is chosen')}, so MISP drops every attribute.`
  const group = isGroup && say` ${node.the('sharing_group_id')}`
  return say`Sets the distribution of ${node.attributes} to ${node.option('distribution')}${group}, in the database, where the whole attribute is overwritten by what the roaming data holds, and in the roaming data.`
})
