import { say, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineAction({
  id: 'ai-extract-indicators',
  name: 'Extract indicators with AI',
  description:
    'Send the matching event reports to the AI module and add the indicators it reads out of them to the event, each tagged ai-computer-assisted. Reports an earlier extraction already covered are left alone.',
  icon: 'robot',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain = explains(definition, (node) => {
  const which = node.hasFilter ? say`the event reports among ${node.filtered}` : 'each event report'
  return say`Has an AI module read indicators out of ${which} and adds them to the event in the database, when ${mispSetting('Plugin.AI_services_enable')} is on; what it finds is not known to Retrace. Without reports it does nothing and succeeds.`
})
