import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineAction } from '../define.ts'
import { decayingModels } from '../world-options.ts'

export const definition = defineAction({
  id: 'attach-decay-score',
  name: 'Attach decay score',
  description: 'Attach selected decaying model score to Attributes.',
  icon: 'chart-line',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'decayingmodels',
      label: 'Decaying Model',
      type: 'picker',
      multiple: 'true',
      options: [],
      placeholder: 'Pick a Decaying Model'
    }
  ]
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ decayingmodels: decayingModels(from) })

export const explain: Explain = () => definition.description
