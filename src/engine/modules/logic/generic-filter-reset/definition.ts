import { say } from '../../../../contract/sentence.ts'
import { plainText, type Json } from '../../../../contract/json.ts'
import { explains } from '../../describe/node-words.ts'
import { defineLogic } from '../../define.ts'
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
  restores: 'unfiltered copy',
  branches: 'always'
}

export const explain = explains(definition, (node) => {
  const label = node.the('filtering-label')
  const back = 'the data is reset to its state before the first filter; all changes made since then are lost'
  if (label.value === 'all') return say`Removes ${node.by('filtering-label', 'all filters')}: ${back}.`
  if (isLabel(label.value))
    return say`Removes filter ${label} and all others with it: ${back}. Without a filter set before, MISP aborts with a TypeError.`
  return say`${label} is not a filter label, but all filters are removed: ${back}.`
})

const isLabel = (label: Json): boolean => /^[A-F]$/.test(plainText(label))

/** Changes that modules make while filters are on also go into the data before the first filter. */
const explainKept = explains(definition, (node) => {
  const label = node.the('filtering-label')
  const back =
    'the data goes back to what it was before the first filter, with the changes to attributes and their tags that were made since'
  if (label.value === 'all') return say`Removes ${node.by('filtering-label', 'all filters')}: ${back}.`
  if (isLabel(label.value))
    return say`Removes filter ${label} and those whose label begins with it, and with them all others: ${back}. Without a filter set before, MISP aborts with a TypeError.`
  return say`${label} is no filter label, yet all filters are removed: ${back}.`
})

export const versions = {
  '2.5.19': { definition: { ...definition, extra: { isFiltering: false } }, explain: explainKept }
}
