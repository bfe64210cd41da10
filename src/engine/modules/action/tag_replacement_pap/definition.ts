import { say } from '../../../../contract/sentence.ts'
import { defineTagReplacement, explainAbort, explainTagReplacement } from '../../describe/tag-replacement.ts'
import { firesByTagging } from '../../describe/fires.ts'
import { attributesInScope } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineTagReplacement({
  id: 'tag_replacement_pap',
  name: 'Tag Replacement - PAP',
  description: 'Attach a tag (or substitue) a tag by another for the PAP taxonomy',
  searchRegex:
    '/(\\w*pap\\w*|permissible\\W+actions\\W+protocol)([:\\s\\-=]{1,2})"?(?P<predicate>white|clear|green|amber|red)"?/i'
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: (params) => firesByTagging(definition, params),
  adds: [],
  arbitraryUrls: null,
  selects: attributesInScope('tagged')
}

export const explain = explainTagReplacement(definition, {
  tag: say`\`PAP:…\``,
  taxonomy: 'PAP',
  as: say`\`pap:red\` or \`pap="red"\``
})

export const versions = { '2.5.19': { explain: explainAbort('PAP') } }
