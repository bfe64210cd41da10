import { conditionParams } from '../../describe/condition-params.ts'
import { explains } from '../../describe/node-words.ts'
import { conditionSentence, wantedOf } from '../../describe/say-conditions.ts'
import { defineLogic } from '../../define.ts'
import { traps as trapsOf, wildcardTraps } from '../../describe/traps.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'generic-if',
  name: 'IF :: Generic',
  version: '0.2',
  description:
    'Generic IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  params: [
    ...conditionParams,
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

export const traps = trapsOf(definition, (node) => wildcardTraps([...node.items('value'), ...node.items('value_list')]))

export const explain = explains(definition, (node) =>
  conditionSentence(
    node.the('operator'),
    node.the('hash_path'),
    {
      value: node.the('value'),
      list: wantedOf(node, 'value_list', 'Value list'),
      wanted: wantedOf(node, 'value', 'Value')
    },
    node.input.data
  )
)
