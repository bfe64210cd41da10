import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { quote, valueOf } from '../../describe/say.ts'
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

const targets: { readonly [target: string]: string } = {
  object: 'the objects',
  attribute: 'the attributes',
  event_report: 'the event reports'
}

export const explain: Explain = (input) => {
  const [label, target, operator, value] = ['filtering-label', 'target', 'operator', 'value'].map((id) =>
    String(valueOf(input, definition, id))
  )
  if (operator === 'since' && Number.isNaN(Number(value)))
    return `Never sets its filter and ends the path: \`since\` needs a timestamp in seconds, and ${quote(value ?? '')} is not a number.`
  const what = Object.hasOwn(targets, target ?? '') ? targets[target ?? ''] : undefined
  if (what === undefined) return `Sets a filter without a place: MISP knows no target ${quote(target ?? '')}.`
  const second = target === 'attribute' ? ` and ${quote(`${label ?? ''}_2`)}` : ''
  return `From here on every node sees ${what} through filter ${quote(label ?? '')}${second}, by their timestamps and ${quote(value ?? '')}. How this MISP compares them (${quote(operator ?? '')}) is not known to Retrace: a run ends here as \`cannot tell\`, unless there is nothing to filter.`
}
