import { defineTagReplacement, explainTagReplacement } from '../../describe/tag-replacement.ts'

export const definition = defineTagReplacement({
  id: 'tag_replacement_pap',
  name: 'Tag Replacement - PAP',
  description: 'Attach a tag (or substitue) a tag by another for the PAP taxonomy',
  searchRegex:
    '/(\\w*pap\\w*|permissible\\W+actions\\W+protocol)([:\\s\\-=]{1,2})"?(?P<predicate>white|clear|green|amber|red)"?/i'
})

export const explain = explainTagReplacement(definition, {
  tag: '`PAP:…`',
  taxonomy: 'PAP',
  as: '`pap:red` or `pap="red"`'
})
