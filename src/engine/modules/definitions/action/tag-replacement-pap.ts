import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../define.ts'
import { quote, valueOf } from '../say.ts'

export const definition = defineAction({
  id: 'tag_replacement_pap',
  name: 'Tag Replacement - PAP',
  description: 'Attach a tag (or substitue) a tag by another for the PAP taxonomy',
  icon: 'tags',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { event: 'Event', attribute: 'Attributes', all: 'All' },
      default: 'event'
    },
    {
      id: 'remove_substituted',
      label: 'Removed substituted tag',
      type: 'select',
      default: '1',
      options: { no: 'No', yes: 'Yes' }
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global' },
      default: 'local'
    },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', display_on: { action: 'add' } }
  ],
  extra: {
    searchRegex:
      '/(\\w*pap\\w*|permissible\\W+actions\\W+protocol)([:\\s\\-=]{1,2})"?(?P<predicate>white|clear|green|amber|red)"?/i',
    substitutionTemplate: ''
  }
})

export const explain: Explain = (input) => {
  const [scope, remove, locality] = ['scope', 'remove_substituted', 'locality'].map((id) =>
    valueOf(input, definition, id)
  )
  const kept =
    remove === 'yes'
      ? 'removes the old ones'
      : remove === 'no'
        ? 'keeps the old ones'
        : `keeps the old ones (${quote(remove ?? '')} is not \`yes\`)`
  const whose =
    scope === 'all' ? 'event and attributes' : scope === 'attribute' ? 'attributes' : scope === 'event' ? 'event' : null
  if (whose === null) return `Changes nothing and fails: ${quote(scope ?? '')} is no scope that MISP knows.`
  return `Adds ${locality === 'local' ? 'local' : 'global'} \`PAP:…\` tags for the differently written PAP tags of the ${whose} (as in \`pap:red\` or \`pap="red"\`), and ${kept}; in the database only.`
}
