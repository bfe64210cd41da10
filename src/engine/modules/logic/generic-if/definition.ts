import { explains } from '../../describe/node-words.ts'
import { conditionSentence, wantedOf } from '../../describe/say-conditions.ts'
import { defineLogic } from '../../define.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'generic-if',
  name: 'IF :: Generic',
  version: '0.2',
  description:
    'Generic IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  params: [
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
    { id: 'hash_path', label: 'Hash path', type: 'hashpath', placeholder: 'Attribute.{n}.Tag' }
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [],
  branches: 'condition',
  formerId: 'if'
}

export const explain = explains(definition, (node) =>
  conditionSentence(node.the('operator'), node.the('hash_path'), {
    value: node.the('value'),
    list: wantedOf(node, 'value_list', 'Value list'),
    wanted: wantedOf(node, 'value', 'Value')
  })
)
