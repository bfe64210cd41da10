import { say, never, always } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineLogic } from '../../define.ts'
import { organisations } from '../../describe/world-options.ts'
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

const whose = (node: NodeWords): Sentence =>
  node.text('org_type') === 'orgc'
    ? node.by('org_type', 'creator organisation (Event.orgc_id)')
    : node.by('org_type', 'owner organisation (Event.org_id)')

export const explain = explains(definition, (node) => {
  const condition = node.text('condition')
  const isIn = condition === 'equals' || condition === 'in'
  if (!isIn && condition !== 'not_equals' && condition !== 'not_in')
    return never`Never true: ${node.the('condition')} is not a condition MISP knows.`
  const none = node.by('org_id', 'no organisation is chosen')
  if (node.list('org_id').length === 0) return isIn ? never`Never true: ${none}.` : always`Always true: ${none}.`
  return say`True when the event’s ${whose(node)} ${node.by('condition', isIn ? 'is' : 'is not')} the organisation with ID ${node.each('org_id', 'or')}.`
})

const oldParams = definition.params.map((param) => {
  if (param.id === 'condition') return { ...param, default: 'equals', options: { equals: 'Is', not_equals: 'Is not' } }
  return param.id === 'org_id' ? { ...param, multiple: false, default: 1 } : param
})
const oldDefinition = { ...definition, version: '0.1', params: oldParams }

const explainOne = explains(oldDefinition, (node) => {
  const condition = node.text('condition')
  if (condition !== 'equals' && condition !== 'not_equals')
    return never`Never true: ${node.the('condition')} is not a condition that MISP compares one organisation by.`
  return say`True when the event’s ${whose(node)} ${node.by('condition', condition === 'equals' ? 'is' : 'is not')} the organisation with ID ${node.the('org_id')}.`
})

export const versions = { '2.4.177': { definition: oldDefinition, explain: explainOne } }
