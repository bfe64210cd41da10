import type { Explain } from '../../../../contract/modules.ts'
import { defineLogic } from '../../define.ts'
import { quote, valueOf } from '../../describe/say.ts'
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

export const explain: Explain = (input) => {
  const condition = String(valueOf(input, definition, 'condition'))
  if (condition === 'equals') return 'True when Event.published is set in the data (the database is not checked).'
  if (condition === 'not_equals') return 'True when Event.published is empty or missing in the data.'
  return `Never true: ${quote(condition)} is not a condition MISP knows.`
}
