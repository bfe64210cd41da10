import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { enrichmentPicker } from '../world-options.ts'

export const definition = defineAction({
  id: 'attach-enrichment',
  name: 'Attach enrichment',
  version: '0.3',
  description: 'Attach selected enrichment result to Attributes.',
  icon: 'asterisk',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'modules',
      label: 'Modules',
      type: 'picker',
      multiple: true,
      disabled: true,
      options: [],
      picker_options: { placeholder_text_multiple: 'No enrichment module available' }
    }
  ]
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ modules: enrichmentPicker(from) })

export const explain: Explain = () => definition.description
