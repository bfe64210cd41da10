import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { enabledWarninglists } from '../../describe/world-options.ts'
import { attributes, isBlank, listOf, quoteAll, valueOf } from '../../describe/say.ts'
import { nothing } from '../../describe/fires.ts'
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
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({
  warninglists: enabledWarninglists(from)
})

export const explain: Explain = (input) => {
  const chosen = valueOf(input, definition, 'warninglists')
  if (isBlank(chosen)) return 'Does nothing and fails: no warninglist is chosen.'
  const lists = typeof chosen === 'object' ? listOf(chosen) : [chosen]
  const which = lists.includes('ALL')
    ? 'all enabled warninglists'
    : `the warninglist${lists.length > 1 ? 's' : ''} ${quoteAll(lists, 'and')}`
  return `Checks ${attributes(input)} against ${which} and adds the hits as \`warnings\` to attributes and event, in the roaming data only.`
}

const one = { id: 'warninglists', label: 'Warninglists', type: 'select', options: [], default: 'ALL' }

export const versions = { '2.4.177': { definition: { ...definition, version: '0.1', params: [one] } } }
