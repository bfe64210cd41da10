import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains, eachOf } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { enrichmentPicker } from '../../describe/world-options.ts'
import { alwaysFires } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

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

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [{ part: 'service_modules', what: 'enrichment modules', param: 'modules', columns: ['name'] }],
  sends: [{ to: 'service' }],
  fires: alwaysFires('enrichment-before-query'),
  adds: ['enrichment'],
  arbitraryUrls: null,
  selects: attributes('enriched')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ modules: enrichmentPicker(from) })

export const explain = explains(definition, (node) => {
  if (node.isBlank('modules'))
    return doesNothing`Does nothing and fails: ${node.by('modules', 'no enrichment module is chosen')}.`
  const modules = node.items('modules').filter(({ value }) => value !== '')
  return say`Queries ${eachOf(modules, 'and', ['modules'], 'not blank')} for ${node.attributes} of a supported type, and adds each response to the attribute’s \`enrichment\` in the roaming data only; errors are added, too, and the run aborts if the service does not respond.`
})
