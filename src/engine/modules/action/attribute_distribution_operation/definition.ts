import type { Json } from '../../../../contract/json.ts'
import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, editsAttributes } from '../../describe/fires.ts'
import { attributes, isBlank, optionLabel, quote, valueOf } from '../../describe/say.ts'
import { sharingGroups } from '../../describe/world-options.ts'
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
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

export const explain: Explain = (input) => {
  const [distribution, group] = ['distribution', 'sharing_group_id'].map((id): Json => valueOf(input, definition, id))
  const level = quote(optionLabel(definition, 'distribution', distribution ?? ''))
  const isGroup = String(distribution) === '4'
  if (isGroup && isBlank(group ?? ''))
    return 'Changes nothing and fails: no sharing group is chosen, so MISP drops every attribute.'
  const to = isGroup ? `${level} ${quote(group ?? '')}` : level
  return `Sets the distribution of ${attributes(input)} to ${to}, in the database, where the whole attribute is overwritten by what the roaming data holds, and in the roaming data.`
}
