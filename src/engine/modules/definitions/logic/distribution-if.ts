import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineLogic } from '../define.ts'
import { sharingGroups } from '../world-options.ts'

export const definition = defineLogic({
  id: 'distribution-if',
  name: 'IF :: Distribution',
  version: '0.3',
  description:
    'Distribution IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { attribute: 'Final distribution of the Attribute', event: 'Distribution of the Event' },
      default: 'attribute'
    },
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: {
        equals: 'Is',
        not_equals: 'Is not',
        more_restrictive_or_equal_than: 'More restrictive or equal than',
        more_permisive_or_equal_than: 'More permisive or equal than'
      }
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
      multiple: true,
      options: [],
      default: [],
      placeholder: 'Pick a sharing group',
      display_on: { distribution: '4' }
    }
  ],
  extra: { html_template: 'if' }
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

export const explain: Explain = () => definition.description
