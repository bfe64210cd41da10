import { say, never } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineLogic } from '../../define.ts'
import type { LogicFacts } from '../../facts.ts'

export const definition = defineLogic({
  id: 'published-if',
  name: 'IF :: Published',
  description:
    'Published IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'equals',
      options: { equals: 'Event is published', not_equals: 'Event is not published' }
    }
  ],
  extra: { html_template: 'if' }
})

export const facts: LogicFacts = {
  enabledByDefault: true,
  changesData: false,
  needs: [],
  branches: 'condition'
}

export const explain = explains(definition, (node) => {
  const condition = node.text('condition')
  if (condition === 'equals')
    return say`True when Event.published ${node.by('condition', 'is set')} in the data (the database is not checked).`
  if (condition === 'not_equals')
    return say`True when Event.published ${node.by('condition', 'is empty or missing')} in the data.`
  return never`Never true: ${node.the('condition')} is not a condition MISP knows.`
})
