import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../define.ts'

export const definition = defineLogic({
  id: 'generic-filter-reset',
  name: 'Filter :: Remove filter',
  description: 'Reset filtering',
  icon: 'redo-alt',
  outputs: 1,
  params: [
    {
      id: 'filtering-label',
      label: 'Filtering Label to remove',
      type: 'select',
      default: 'all',
      options: {
        all: 'All filters',
        A: 'Label A',
        B: 'Label B',
        C: 'Label C',
        D: 'Label D',
        E: 'Label E',
        F: 'Label F'
      }
    }
  ]
})

export const explain: Explain = () => definition.description
