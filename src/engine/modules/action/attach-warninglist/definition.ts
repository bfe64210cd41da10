import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { enabledWarninglists } from '../../describe/world-options.ts'
import { nothing } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'attach-warninglist',
  name: 'Attach warninglist',
  version: '0.2',
  description: 'Attach selected warninglist result.',
  icon: 'exclamation-triangle',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [{ id: 'warninglists', label: 'Warninglists', type: 'picker', multiple: true, options: [], default: 'ALL' }]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [{ part: 'warninglists', what: 'warninglists', param: 'warninglists', columns: ['name', 'id'] }],
  sends: [],
  fires: nothing,
  adds: ['warnings'],
  arbitraryUrls: null,
  selects: attributes('checked')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({
  warninglists: enabledWarninglists(from)
})

export const explain = explains(definition, (node) => {
  if (node.isBlank('warninglists'))
    return doesNothing`Does nothing and fails: ${node.by('warninglists', 'no warninglist is chosen')}.`
  const lists = node.list('warninglists')
  const which = lists.includes('ALL')
    ? node.by('warninglists', 'all enabled warninglists')
    : say`the ${lists.length > 1 ? 'warninglists' : 'warninglist'} ${node.each('warninglists', 'and')}`
  return say`Checks ${node.attributes} against ${which} and adds the hits as \`warnings\` to attributes and event, in the roaming data only.`
})

const one = { id: 'warninglists', label: 'Warninglists', type: 'select', options: [], default: 'ALL' }

export const versions = { '2.4.177': { definition: { ...definition, version: '0.1', params: [one] } } }
