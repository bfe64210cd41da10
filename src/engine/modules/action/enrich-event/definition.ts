import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { enrichmentSelect } from '../../describe/world-options.ts'
import { attributes, isBlank, quote, valueOf } from '../../describe/say.ts'
import { alwaysFires, editsAttributes, savesEvent } from '../../describe/fires.ts'
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
  needs: [{ part: 'service_modules', what: 'enrichment modules', param: 'modules', columns: ['name'] }],
  sends: [{ to: 'service' }, { to: 'topic', topic: 'misp_json_workflow' }],
  fires: alwaysFires(
    'enrichment-before-query',
    'object-after-save',
    'event-report-after-save',
    editsAttributes,
    savesEvent
  ),
  adds: [],
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ modules: enrichmentSelect(from) })

const explainWith =
  (after: string): Explain =>
  (input) => {
    const module = valueOf(input, definition, 'modules')
    if (isBlank(module)) return 'Does nothing and fails: no enrichment module is chosen.'
    return `Queries ${quote(module)} for ${attributes(input)} and stores the results in the event; afterwards the roaming data is ${after}.`
  }

export const explain = explainWith('the event as fetched from the database, without _AttributeFlattened')
export const versions = {
  '2.5.19': {
    explain: explainWith('the event from the database, in core format; filters and attached results are lost')
  }
}
