import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { quote, valueOf } from '../../describe/say.ts'
import type { LogicFacts } from '../../facts.ts'

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

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  branches: 'always'
}

export const explain: Explain = (input) => {
  const label = String(valueOf(input, definition, 'filtering-label'))
  const back = 'the data is reset to its state before the first filter; all changes made since then are lost'
  if (label === 'all') return `Removes all filters: ${back}.`
  if (/^[A-F]$/.test(label))
    return `Removes filter ${quote(label)} and all others with it: ${back}. Without a filter set before, MISP aborts with a TypeError.`
  return `${quote(label)} is not a filter label, but all filters are removed: ${back}.`
}

/** Changes that modules make while filters are on also go into the data before the first filter. */
const explainKept: Explain = (input) => {
  const label = String(valueOf(input, definition, 'filtering-label'))
  const back =
    'the data goes back to what it was before the first filter, with the changes to attributes and their tags that were made since'
  if (label === 'all') return `Removes all filters: ${back}.`
  if (/^[A-F]$/.test(label))
    return `Removes filter ${quote(label)} and those whose label begins with it, and with them all others: ${back}. Without a filter set before, MISP aborts with a TypeError.`
  return `${quote(label)} is no filter label, yet all filters are removed: ${back}.`
}

export const versions = {
  '2.5.19': { definition: { ...definition, extra: { isFiltering: false } }, explain: explainKept }
}
