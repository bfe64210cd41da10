import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { sharingGroups } from '../world-options.ts'

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
    {
      id: 'distribution',
      label: 'Distribution',
      type: 'select',
      default: '0',
      options: [
        { name: 'Organisation', value: 0 },
        { name: 'Community', value: 1 },
        { name: 'Connected', value: 2 },
        { name: 'All', value: 3 },
        { name: ' Sharing Group', value: 4 }
      ],
      placeholder: 'Pick a distribution'
    },
    {
      id: 'sharing_group_id',
      label: 'Sharing Groups',
      type: 'picker',
      multiple: false,
      options: [],
      default: [],
      placeholder: 'Pick a sharing group',
      display_on: { distribution: '4' }
    }
  ]
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

export const explain: Explain = () => definition.description
