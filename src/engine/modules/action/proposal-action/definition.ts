import { say, doesNothing, sentences } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, editsAttributes, savesEvent } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const missingIn = '2.4.198'

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

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [],
  fires: alwaysFires('shadow-attribute-before-save', 'shadow-attribute-after-save', editsAttributes, savesEvent),
  adds: [],
  arbitraryUrls: null
}

const kinds = {
  new: 'proposals for new attributes',
  edit: 'proposals on existing attributes',
  any: 'proposals'
} as const
const isKind = (type: string): type is keyof typeof kinds => Object.hasOwn(kinds, type)

export const explain = explains(definition, (node) => {
  const type = node.text('proposal_type')
  if (!isKind(type))
    return doesNothing`Changes nothing: the proposal type ${node.the('proposal_type')} matches no proposal.`
  return sentences(
    say`${node.by('action', node.text('action') === 'accept' ? 'Accepts' : 'Discards')} all ${node.by('proposal_type', kinds[type])} of the event in the database and, when there were any, reloads the event.`,
    node.hasFilter && say`Its filter keeps ${node.filtered}; proposals are then looked up under \`Event\` in them.`
  )
})
