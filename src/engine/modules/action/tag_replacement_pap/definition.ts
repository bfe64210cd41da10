import { say } from '../../../../contract/sentence.ts'
import {
  defineTagReplacement,
  explainAbort,
  explainTagReplacement,
  tagReplacementFacts
} from '../../describe/tag-replacement.ts'
import { firesByTagging } from '../../describe/fires.ts'

export const definition = defineTagReplacement({
  id: 'tag_replacement_pap',
  name: 'Tag Replacement - PAP',
  description: 'Attach a tag (or substitue) a tag by another for the PAP taxonomy',
  searchRegex:
    '/(\\w*pap\\w*|permissible\\W+actions\\W+protocol)([:\\s\\-=]{1,2})"?(?P<predicate>white|clear|green|amber|red)"?/i'
})

export const facts = tagReplacementFacts((params) => firesByTagging(definition, params))

export const explain = explainTagReplacement(definition, {
  tag: say`\`PAP:…\``,
  taxonomy: 'PAP',
  as: say`\`pap:red\` or \`pap="red"\``
})

export const versions = { '2.5.19': { explain: explainAbort('PAP') } }
