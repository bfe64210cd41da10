import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

export const definition = defineAction({
  id: 'tag_replacement_generic',
  name: 'Tag Replacement Generic',
  description: 'Attach a tag, or substitue a tag by another',
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
      options: { event: 'Event', attribute: 'Attributes', all: 'All' },
      default: 'event'
    },
    {
      id: 'remove_substituted',
      label: 'Removed substituted tag',
      type: 'select',
      default: '1',
      options: { no: 'No', yes: 'Yes' }
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global' },
      default: 'local'
    },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', display_on: { action: 'add' } }
  ],
  extra: { searchRegex: '', substitutionTemplate: '' }
})

export const explain: Explain = () =>
  'Does nothing: it is the base of the TLP and PAP replacements and has no pattern of its own to search for.'
