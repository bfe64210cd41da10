import { say, never } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineLogic } from '../../define.ts'
import type { LogicFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineLogic({
  id: 'aggregate_comparator_if',
  name: 'IF :: Aggregate Comparator',
  version: '0.4',
  // MISP's own spelling.
  description: 'Computes an aggregate over a field, then evaluates rhe result.',
  icon: 'code-branch',
  params: [
    {
      id: 'aggregation_path',
      label: 'Aggregation Field Path',
      type: 'hashpath',
      placeholder: 'Attribute.{n}.Tag'
    },
    {
      id: 'aggregation_type',
      label: 'Aggregation type',
      type: 'select',
      default: 'count',
      options: {
        count: 'Count',
        sum: 'Sum',
        avg: 'Average',
        min: 'Minimum',
        max: 'Maximum',
        unique_count: 'Unique count',
        median: 'Median'
      }
    },
    {
      id: 'operator',
      label: 'Operator',
      type: 'select',
      default: 'greater',
      options: {
        equals: 'Equals',
        not_equals: 'Not equals',
        greater: 'Greater than',
        greater_equals: 'Greater or equal than',
        less: 'Less than',
        less_equals: 'Less or equal than',
        in: 'In',
        not_in: 'Not in'
      }
    },
    { id: 'value', label: 'Value', type: 'input', placeholder: '42' }
  ],
  extra: { html_template: 'if', isFiltering: false }
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  branches: 'condition'
}

const names = {
  count: 'the number of values',
  sum: 'the sum of the values',
  avg: 'the average of the values',
  min: 'the smallest of the values',
  max: 'the largest of the values',
  unique_count: 'the number of different values',
  median: 'the median of the values'
} as const

export const explain = explains(definition, (node) => {
  const [type, operator] = [node.text('aggregation_type'), node.text('operator')]
  if (operator === 'in' || operator === 'not_in')
    return never`Never true: ${node.the('operator')} looks into a list, and an aggregate is one number.`
  if (node.isUnknown('aggregation_type'))
    return say`Adds an error and compares nothing with ${node.the('value')}: MISP knows no aggregation ${node.the('aggregation_type')}.`
  const what = say`${node.by('aggregation_type', names[type as keyof typeof names])} at ${node.the('aggregation_path')}`
  const empty = (type === 'min' || type === 'max') && ' Where the path finds nothing, the run aborts with a ValueError.'
  if (operator === 'equals' || operator === 'not_equals')
    return say`True when ${what}, each taken as a number, ${node.by('operator', operator === 'equals' ? 'equals' : 'does not equal')} ${node.the('value')}.${empty}`
  return say`Compares ${what}, each taken as a number, with ${node.the('value')} by ${node.the('operator')}. How this MISP evaluates that is not known to Retrace: a run ends here as \`cannot tell\`.${empty}`
})
