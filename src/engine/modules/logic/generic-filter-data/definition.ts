import type { Explain, ParamDefinition } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { endsAtScalar, keptItems, missingWildcard } from '../../describe/say-conditions.ts'
import { quote, sentences, valueOf } from '../../describe/say.ts'
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
    {
      id: 'value',
      label: 'Value',
      type: 'input',
      placeholder: 'tlp:red',
      display_on: { operator: ['in', 'not_in', 'equals', 'not_equals'] }
    },
    {
      id: 'value_list',
      label: 'Value list',
      type: 'picker',
      picker_create_new: true,
      placeholder: "['ip-src', 'ip-dst']",
      display_on: { operator: 'in_or' }
    },
    {
      id: 'operator',
      label: 'Operator',
      type: 'select',
      default: 'in',
      options: {
        in: 'In',
        not_in: 'Not in',
        equals: 'Equals',
        not_equals: 'Not equals',
        any_value: 'Any value',
        in_or: 'Any value from'
      }
    },
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
function selectorTrap(selector: string): string | null {
  if (selector === '')
    return 'No selector is set, so the whole data is filtered and the result discarded: the data is not changed.'
  const cut = selector.replace(/\.\{n\}$/, '')
  const missing = missingWildcard(cut)
  if (missing) return `Finds nothing: ${missing.list} is a list; ${quote(missing.better)} would go into it.`
  if (endsAtScalar(cut))
    return `${quote(selector)} yields single values, not items: the next access to the data is a TypeError, which ends the run.`
  if (/\{[ns*]\}/.test(cut))
    return 'The kept items of all lists are combined and written into each list the selector finds.'
  return null
}

export const explain: Explain = (input) => {
  const [label, selector, value, list, operator, path] = [
    'filtering-label',
    'selector',
    'value',
    'value_list',
    'operator',
    'hash_path'
  ].map((id) => valueOf(input, definition, id))
  const kept = keptItems(String(operator), path ?? '', (operator === 'in_or' ? list : value) ?? '')
  const name = String(selector)
  return sentences(
    `From here on, every node sees ${name === '' ? 'the data' : quote(name)} through filter ${quote(String(label))}, which ${kept.text}`,
    selectorTrap(name)
  )
}

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
    explain: ((input) => sentences(explain(input), 'A disabled filter ends the path here.')) satisfies Explain
  }
}
