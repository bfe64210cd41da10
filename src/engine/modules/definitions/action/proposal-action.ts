import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'

export const definition = defineAction({
  id: 'proposal-action',
  name: 'Proposal Action',
  version: '0.2',
  description: 'Accept or remove any proposals being passed',
  icon: 'asterisk',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'action',
      label: 'Action',
      type: 'select',
      options: { accept: 'Accept Proposals', remove: 'Remove Proposals' },
      default: 'accept'
    },
    {
      id: 'proposal_type',
      label: 'Proposal Type',
      type: 'select',
      options: {
        new: 'Proposals to create new Attributes',
        edit: 'Proposals on existing Attributes',
        any: 'Any type of Proposals'
      },
      default: 'all'
    }
  ]
})

export const explain: Explain = () => definition.description
