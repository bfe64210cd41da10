import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { enabledWarninglists } from '../world-options.ts'

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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({
  warninglists: enabledWarninglists(from)
})

export const explain: Explain = () => definition.description
