// The three parameters with which Filter :: Generic and IF :: Generic state a condition.
import type { ParamDefinition } from '../../../contract/modules.ts'

export const conditionParams = [
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
  }
] as const satisfies readonly ParamDefinition[]
