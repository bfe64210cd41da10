import { say, mispSetting } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5.19'

const common = {
  id: 'send-report-to-cti-info-extractor',
  icon: 'robot',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true
} as const

const choice = (id: string, label: string) => ({
  id,
  label,
  type: 'select',
  options: { no: 'No', yes: 'Yes' },
  default: 'yes'
})

export const definition = defineAction({
  ...common,
  name: 'Send Report to CTI Info Extractor',
  description: 'Send selected Event Report to the CTI Info Extractor Endpoint',
  params: [
    choice('insert_executive_summary', 'Insert Executive Summary'),
    choice('tag_event_with_threat_actor', 'Tag Event with Threat Actor'),
    choice('tag_event_with_threat_actor_country', 'Tag Event with Threat Actor Country'),
    choice('tag_event_with_threat_actor_motivation', 'Tag Event with Threat Actor Motivation')
  ]
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
  const which = node.hasFilter
    ? say`the reports at \`Event.EventReport\` in what its filter leaves (${node.filtered})`
    : 'each event report'
  return say`Sends ${which} to the CTI Info Extractor, when ${mispSetting('Plugin.CTIInfoExtractor_enable')} and its URL are set; what comes back and what MISP makes of it is not known to Retrace. Without reports it does nothing and succeeds.`
})

const summarise = explains(definition, (node) => {
  const which = node.hasFilter ? say`the event reports among ${node.filtered}` : 'each event report'
  return say`Has an AI module summarise ${which}, when ${mispSetting('Plugin.AI_services_enable')} is on; what it writes is not known to Retrace. Without reports it does nothing and succeeds.`
})

export const versions = {
  '2.5-newest': {
    definition: defineAction({
      ...common,
      name: 'Summarise report with AI',
      version: '0.2',
      description:
        'Send the matching event reports to the AI module, which puts its summary on top of each report. Reports that already carry an AI summary are left alone.'
    }),
    explain: summarise
  }
}
