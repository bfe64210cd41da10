import { say, aborts, sentences } from '../../../../contract/sentence.ts'
import { conditionParams } from '../../describe/condition-params.ts'
import { explains } from '../../describe/node-words.ts'
import { besideEvent, missingWildcard, endsAtScalar, keptItems, wantedOf } from '../../describe/say-conditions.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { Explain, ParamDefinition } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { traps as trapsOf, wildcardTraps } from '../../describe/traps.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'generic-filter-data',
  name: 'Filter :: Generic',
  version: '0.2',
  description:
    'Generic data filtering block. The module filters incoming data and forward the matching data to its output.',
  icon: 'filter',
  outputs: 1,
  params: [
    {
      id: 'filtering-label',
      label: 'Filtering Label',
      type: 'select',
      options: { A: 'Label A', B: 'Label B', C: 'Label C', D: 'Label D', E: 'Label E', F: 'Label F' },
      default: 'A'
    },
    {
      id: 'selector',
      label: 'Data selector',
      type: 'hashpath',
      placeholder: 'Event._AttributeFlattened.{n}',
      hashpath: { is_sub_selector: false }
    },
    ...conditionParams,
    {
      id: 'hash_path',
      label: 'Hash path',
      type: 'hashpath',
      placeholder: 'Tag.name',
      hashpath: { is_sub_selector: true }
    }
  ]
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  branches: 'always'
}

/** What is wrong with the selector itself (WorkflowRoamingData::applyFilter). */
function selectorTrap(node: NodeWords): Sentence | null {
  const selector = node.text('selector')
  if (selector === '')
    return say`No selector is set, so the whole data is filtered and the result discarded: the data is not changed.`
  const cut = selector.replace(/\.\{n\}$/, '')
  const beside = node.input.data && besideEvent(cut, node.input.data)
  if (beside) return say`Finds nothing: ${beside}.`
  const missing = missingWildcard(cut, node.input.data)
  if (missing) return say`Finds nothing: ${missing.list} is a list; ${missing.better} would go into it.`
  if (endsAtScalar(cut))
    return aborts`${node.the('selector')} yields single values, not items: the next access to the data is a TypeError, which ends the run.`
  if (/\{[ns*]\}/.test(cut))
    return say`The kept items of all lists are combined and written into each list the selector finds.`
  return null
}

export const traps = trapsOf(definition, (node) => wildcardTraps([...node.items('value'), ...node.items('value_list')]))

export const explain = explains(definition, (node) => {
  const operator = node.the('operator')
  const from = operator.value === 'in_or' ? 'value_list' : 'value'
  const wanted = wantedOf(node, from, from === 'value' ? 'Value' : 'Value list')
  const kept = keptItems(operator, node.the('hash_path'), node.the(from), wanted)
  const what = node.text('selector') === '' ? 'the data' : node.the('selector')
  return sentences(
    say`From here on, every node sees ${what} through filter ${node.the('filtering-label')}, which ${kept}`,
    selectorTrap(node)
  )
})

// An ordinary logic node there: a disabled one goes nowhere, as it has no second output.
const plainParams = definition.params.map((param): ParamDefinition => {
  if (param.type !== 'hashpath') return param
  const { hashpath: _hashpath, ...rest } = param
  return param.id === 'selector' ? { ...rest, type: 'input' } : rest
})

export const versions = {
  '2.4.177': { definition: { ...definition, params: plainParams } },
  '2.5.19': {
    definition: { ...definition, extra: { isFiltering: true } },
    facts: { ...facts, branches: 'condition' as const },
    explain: ((input) => sentences(explain(input), say`A disabled filter ends the path here.`)) satisfies Explain
  }
}
