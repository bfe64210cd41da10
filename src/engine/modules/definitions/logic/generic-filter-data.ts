import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../define.ts'

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

export const explain: Explain = () => definition.description
