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
  refused: 'The enrichment module was not queried.',
  silent:
    'It is asked before a module of misp-modules is queried. Template rendering (jinja_template_rendering) is not asked.'
}

export const explain: Explain = () =>
  'Runs at once, inside the operation, before misp-modules is asked for an enrichment: blocking here prevents the query.'
