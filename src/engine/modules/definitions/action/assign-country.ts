import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

export const definition = defineAction({
  id: 'assign_country',
  name: 'Assign country',
  version: '0.2',
  description: 'Add or remove country Galaxy Cluster based on provided data',
  icon: 'globe',
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
      id: 'hash_path',
      label: 'Country Hash path',
      type: 'hashpath',
      placeholder: 'enrichment.{n}.{n}.values.0',
      default: 'enrichment.{n}.{n}.values.0'
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global' },
      default: 'local'
    },
    {
      id: 'galaxy_name',
      label: 'Galaxy Name',
      type: 'select',
      options: { country: 'country' },
      placeholder: 'Pick a galaxy name'
    },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', display_on: { action: 'add' } }
  ]
})

export const explain: Explain = () => definition.description
