import { say } from '../../../../contract/sentence.ts'
import {
  defineTagReplacement,
  explainAbort,
  explainTagReplacement,
  tagReplacementFacts
} from '../../describe/tag-replacement.ts'
import { firesByTagging } from '../../describe/fires.ts'

export const definition = defineTagReplacement({
  id: 'tag_replacement_tlp',
  name: 'Tag Replacement - TLP',
  description: 'Attach a tag (or substitue) a tag by another for the TLP taxonomy',
  searchRegex:
    '/(\\w*tlp\\w*|traffic\\W+light\\W+protocol)([:\\s\\-=]{1,2})"?(?P<predicate>white|clear|green|amber|amber\\+strict|red)"?/i'
})

export const facts = tagReplacementFacts((params) => firesByTagging(definition, params))

export const explain = explainTagReplacement(definition, {
  tag: say`\`tlp:…\``,
  taxonomy: 'TLP',
  as: say`\`TLP:RED\` or \`tlp="red"\``
})

export const versions = { '2.5.19': { explain: explainAbort('TLP') } }
