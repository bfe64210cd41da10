import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { decayingModels } from '../../describe/world-options.ts'
import { nothing } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

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

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [{ part: 'decaying_models', what: 'decaying models', param: 'decayingmodels', columns: ['id', 'name'] }],
  sends: [],
  fires: nothing,
  adds: ['decay_score'],
  arbitraryUrls: null,
  selects: attributes('scored')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ decayingmodels: decayingModels(from) })

export const explain = explains(definition, (node) =>
  node.isBlank('decayingmodels')
    ? doesNothing`Does nothing and fails: ${node.by('decayingmodels', 'no decaying model is chosen')}.`
    : say`Replaces ${node.attributes} in the roaming data with the attributes fetched from the database and the score of decaying model ${node.each('decayingmodels', 'and')}, so earlier changes to them are lost.`
)
