import type { Json } from '../../../../contract/json.ts'
import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineAction } from '../../define.ts'
import { sharingGroups } from '../../describe/world-options.ts'
import { isBlank, optionLabel, quote, valueOf } from '../../describe/say.ts'
import { alwaysFires, savesEvent } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'Module_event_distribution_operation',
  name: 'Event distribution operation',
  description: "Set the Event's distribution to the selected level",
  icon: 'edit',
  inputs: 1,
  outputs: 1,
  expect_misp_core_format: true,
  params: [
    {
      id: 'freeze',
      label: 'Preserve timestamp and published state',
      type: 'select',
      options: { modify: 'Modify timestamp and unpublish', freeze: 'Freeze timestamp and keep published state' },
      default: 'modify'
    },
    distributionParam('event'),
    sharingGroupParam(false)
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [],
  fires: alwaysFires(savesEvent),
  adds: [],
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

function groupTrap(group: Json): string {
  if (typeof group === 'object')
    return isBlank(group)
      ? ' No sharing group is chosen: its default is an empty list, which the database refuses.'
      : ' The sharing group is a list, which the database refuses.'
  return isBlank(group) ? ' No sharing group is chosen, so only your own organisation will see it.' : ''
}

export const explain: Explain = (input) => {
  const [freeze, distribution, group] = ['freeze', 'distribution', 'sharing_group_id'].map((id) =>
    valueOf(input, definition, id)
  )
  const isGroup = String(distribution) === '4'
  const level = optionLabel(definition, 'distribution', distribution ?? '')
  const to = isGroup && !isBlank(group ?? '') ? `${quote(level)} ${quote(group ?? '')}` : quote(level)
  const state =
    freeze === 'freeze' ? 'its timestamp and published state stay' : 'it gets a new timestamp and is unpublished'
  return `Sets the event’s distribution to ${to} in the database and the roaming data; ${state}.${isGroup ? groupTrap(group ?? '') : ''} An event without attributes is not changed.`
}
