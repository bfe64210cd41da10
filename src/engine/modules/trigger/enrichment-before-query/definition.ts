import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'enrichment-before-query',
  name: 'Enrichment Before Query',
  description: 'This trigger is called just before a query against the enrichment service is done',
  icon: 'asterisk',
  blocking: true,
  misp_core_format: true
})

export const facts: TriggerFacts = {
  // Module::queryModuleServer.
  refused: {
    not: 'The enrichment module was not queried.',
    but: () =>
      'Whoever asked gets the text “Trigger `enrichment-before-query` blocked enrichment” in place of the answer; the stop text is only in MISP’s log.'
  },
  silent: 'Fired before a misp-modules module is queried, except for template rendering (jinja_template_rendering).'
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, before misp-modules is queried for an enrichment: blocking here prevents the query.`
