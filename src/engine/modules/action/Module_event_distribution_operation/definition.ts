import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineAction } from '../../define.ts'
import { sharingGroups } from '../../describe/world-options.ts'
import { alwaysFires, savesEvent } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
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
  arbitraryUrls: null,
  selects: attributes('changed')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

function groupTrap(node: NodeWords): Sentence | null {
  const isNone = node.isBlank('sharing_group_id')
  const none = node.by('sharing_group_id', 'No sharing group is chosen')
  if (typeof node.value('sharing_group_id') === 'object')
    return isNone
      ? say` ${none}: its default is an empty list, which the database refuses.`
      : say` The sharing group is a list, which the database refuses.`
  return isNone ? say` ${none}, so only your own organisation will see it.` : null
}

export const explain = explains(definition, (node) => {
  const isGroup = node.text('distribution') === '4'
  const to = isGroup && !node.isBlank('sharing_group_id') ? say` ${node.the('sharing_group_id')}` : null
  const state =
    node.text('freeze') === 'freeze'
      ? node.by('freeze', 'its timestamp and published state stay')
      : node.by('freeze', 'it gets a new timestamp and is unpublished')
  return say`Sets the event’s distribution to ${node.option('distribution')}${to} in the database and the roaming data; ${state}.${isGroup && groupTrap(node)} An event without attributes is not changed.`
})
