import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineLogic } from '../../define.ts'
import type { LogicFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineLogic({
  id: 'filter-timestamp',
  name: 'Filter :: Timestamp',
  description:
    'Timestamp filtering block. The module filters incoming data and forward the matching data to its output.',
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
      id: 'target',
      label: 'Target',
      type: 'select',
      default: 'attribute',
      options: { object: 'Object', attribute: 'Attribute', event_report: 'Event Report' }
    },
    {
      id: 'operator',
      label: 'Operator',
      type: 'select',
      default: 'greater',
      options: { greater: 'Within', less: 'Not within', since: 'Since (timestamp)' }
    },
    { id: 'value', label: 'Value', type: 'input', placeholder: '3d', default: '30d' }
  ],
  extra: { isFiltering: true }
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  branches: 'condition'
}

const targets = { object: 'the objects', attribute: 'the attributes', event_report: 'the event reports' } as const
const isTarget = (target: string): target is keyof typeof targets => Object.hasOwn(targets, target)

export const explain = explains(definition, (node) => {
  const target = node.text('target')
  if (node.text('operator') === 'since' && Number.isNaN(Number(node.text('value'))))
    return say`Never sets its filter and ends the path: ${node.the('operator')} needs a timestamp in seconds, and ${node.the('value')} is not a number.`
  if (!isTarget(target)) return say`Sets a filter without a place: MISP knows no target ${node.the('target')}.`
  const label = node.the('filtering-label')
  const second = target === 'attribute' && say` and ${node.the('filtering-label', '_2')}`
  return say`From here on every node sees ${node.by('target', targets[target])} through filter ${label}${second}, by their timestamps and ${node.the('value')}. How this MISP compares them (${node.the('operator')}) is not known to Retrace: a run ends here as \`cannot tell\`, unless there is nothing to filter.`
})
