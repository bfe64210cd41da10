import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'

export const definition = defineTrigger({
  id: 'enrichment-before-query',
  name: 'Enrichment Before Query',
  description: 'This trigger is called just before a query against the enrichment service is done',
  icon: 'asterisk',
  blocking: true,
  misp_core_format: true
})

export const explain: Explain = () =>
  'Runs at once, inside the operation, before misp-modules is asked for an enrichment: blocking here prevents the query.'
