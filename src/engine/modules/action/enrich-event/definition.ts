import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { enrichmentSelect } from '../../describe/world-options.ts'
import { alwaysFires, editsAttributes, savesEvent } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'enrich-event',
  name: 'Enrich Event',
  version: '0.2',
  description: 'Enrich all Attributes contained in the Event with the provided module.',
  icon: 'asterisk',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [{ id: 'modules', label: 'Modules', type: 'select', options: ['Module service not reachable.'] }]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [
    { part: 'service_modules', what: 'enrichment modules', param: 'modules', columns: ['name'], onlyEnabled: true }
  ],
  sends: [{ to: 'service' }, { to: 'topic', topic: 'misp_json_workflow' }],
  fires: alwaysFires(
    'enrichment-before-query',
    'object-after-save',
    'event-report-after-save',
    editsAttributes,
    savesEvent
  ),
  adds: [],
  arbitraryUrls: null,
  selects: attributes('enriched')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ modules: enrichmentSelect(from) })

const explainWith = (
  after:
    | 'the event as fetched from the database, without _AttributeFlattened'
    | 'the event from the database, in core format; filters and attached results are lost'
): Explain =>
  explains(definition, (node) =>
    node.isBlank('modules')
      ? doesNothing`Does nothing and fails: ${node.by('modules', 'no enrichment module is chosen')}.`
      : say`Queries ${node.the('modules')} for ${node.attributes} and stores the results in the event; afterwards the roaming data is ${after}.`
  )

export const explain = explainWith('the event as fetched from the database, without _AttributeFlattened')
export const versions = {
  '2.5.19': {
    explain: explainWith('the event from the database, in core format; filters and attached results are lost')
  }
}
