import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../define.ts'
import { defineLogic } from '../define.ts'
import { clusters, tags } from '../world-options.ts'

export const definition = defineLogic({
  id: 'tag-if',
  name: 'IF :: Tag',
  version: '0.4',
  description:
    'Tag IF / ELSE condition block. The `then` output will be used if the encoded conditions is satisfied, otherwise the `else` output will be used.',
  icon: 'code-branch',
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { event: 'Event', attribute: 'Attribute', event_attribute: 'Inherited Attribute' },
      default: 'event'
    },
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'in_or',
      options: {
        in_or: 'Is tagged with any (OR)',
        in_and: 'Is tagged with all (AND)',
        not_in_or: 'Is not tagged with any (OR)',
        not_in_and: 'Is not tagged with all (AND)'
      }
    },
    { id: 'tags', label: 'Tags', type: 'picker', multiple: true, options: [], placeholder: 'Pick a tag' },
    {
      id: 'clusters',
      label: 'Galaxy Clusters',
      type: 'picker',
      multiple: true,
      options: [],
      placeholder: 'Pick a Galaxy Cluster'
    }
  ],
  extra: { html_template: 'if' }
})

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({
  tags: tags(from),
  clusters: clusters(from)
})

export const explain: Explain = () => definition.description
