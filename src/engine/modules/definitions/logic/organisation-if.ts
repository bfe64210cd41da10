import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineLogic } from '../define.ts'
import { organisations } from '../world-options.ts'

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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ org_id: organisations(from) })

export const explain: Explain = () => definition.description
