import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { tags } from '../world-options.ts'

export const definition = defineAction({
  id: 'tag_operation',
  name: 'Tag operation',
  version: '0.2',
  description: 'Add or remove tags on Event or Attributes.',
  icon: 'tags',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { event: 'Event', attribute: 'Attributes' },
      default: 'event'
    },
    {
      id: 'action',
      label: 'Action',
      type: 'select',
      options: { add: 'Add Tags', remove: 'Remove Tags' },
      default: 'add'
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global', any: 'Any' },
      default: 'local'
    },
    { id: 'tags', label: 'Tags', type: 'picker', multiple: true, options: [], placeholder: 'Pick a tag' },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', display_on: { action: 'add' } }
  ]
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ tags: tags(from) })

export const explain: Explain = () => definition.description
