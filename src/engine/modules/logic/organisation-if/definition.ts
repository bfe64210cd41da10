import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineLogic } from '../../define.ts'
import { organisations } from '../../describe/world-options.ts'
import { isBlank, listOf, quote, quoteAll, valueOf } from '../../describe/say.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'organisation-if',
  name: 'IF :: Organisation',
  version: '0.2',
  description:
    'Organisation IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'org_type',
      label: 'Organisation Type',
      type: 'select',
      options: { org: 'Owner Organisation', orgc: 'Creator Organisation' },
      default: 'orgc'
    },
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'in',
      options: { in: 'Is any of (OR)', not_in: 'Is not any of (OR)' }
    },
    { id: 'org_id', type: 'picker', multiple: true, options: [], default: [1], placeholder: 'Pick an organisation' }
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [{ part: 'organisations', what: 'organisations', param: 'org_id', columns: ['id'] }],
  branches: 'condition'
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ org_id: organisations(from) })

export const explain: Explain = (input) => {
  const [type, condition, chosen] = ['org_type', 'condition', 'org_id'].map((id) => valueOf(input, definition, id))
  const ids = isBlank(chosen ?? '') ? [] : typeof chosen === 'object' ? listOf(chosen ?? []) : [chosen ?? '']
  const operator = condition === 'equals' ? 'in' : condition === 'not_equals' ? 'not_in' : String(condition)
  const whose = type === 'orgc' ? 'creator organisation (Event.orgc_id)' : 'owner organisation (Event.org_id)'
  if (operator !== 'in' && operator !== 'not_in') return `Never true: ${quote(operator)} is not a condition MISP knows.`
  if (ids.length === 0)
    return operator === 'in' ? 'Never true: no organisation is chosen.' : 'Always true: no organisation is chosen.'
  return `True when the event’s ${whose} is ${operator === 'in' ? '' : 'not '}the organisation with ID ${quoteAll(ids, 'or')}.`
}

const oldParams = definition.params.map((param) => {
  if (param.id === 'condition') return { ...param, default: 'equals', options: { equals: 'Is', not_equals: 'Is not' } }
  return param.id === 'org_id' ? { ...param, multiple: false, default: 1 } : param
})
const oldDefinition = { ...definition, version: '0.1', params: oldParams }

const explainOne: Explain = (input) => {
  const [type, condition, chosen] = ['org_type', 'condition', 'org_id'].map((id) => valueOf(input, oldDefinition, id))
  const whose = type === 'orgc' ? 'creator organisation (Event.orgc_id)' : 'owner organisation (Event.org_id)'
  if (condition !== 'equals' && condition !== 'not_equals')
    return `Never true: ${quote(condition ?? '')} is not a condition that MISP compares one organisation by.`
  return `True when the event's ${whose} is ${condition === 'equals' ? '' : 'not '}the organisation with id ${quote(chosen ?? '')}.`
}

export const versions = { '2.4.177': { definition: oldDefinition, explain: explainOne } }
