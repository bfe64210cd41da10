import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { enrichmentSelect } from '../world-options.ts'

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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ modules: enrichmentSelect(from) })

export const explain: Explain = () => definition.description
