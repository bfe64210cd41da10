import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { filterIsOn, filterPhrase, quote, sentences, valueOf } from '../../describe/say.ts'
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

const kinds: { readonly [type: string]: string } = {
  new: 'proposals for new attributes',
  edit: 'proposals on existing attributes',
  any: 'proposals'
}

export const explain: Explain = (input) => {
  const [action, type] = ['action', 'proposal_type'].map((id) => String(valueOf(input, definition, id)))
  if (!Object.hasOwn(kinds, type ?? ''))
    return `Changes nothing: the proposal type ${quote(type ?? '')} matches no proposal.`
  return sentences(
    `${action === 'accept' ? 'Accepts' : 'Discards'} all ${kinds[type ?? '']} of the event in the database and, when there were any, reloads the event.`,
    filterIsOn(input) &&
      `Its filter keeps the items${filterPhrase(input)}; proposals are then looked up under \`Event\` in them.`
  )
}
