import { doesNothing } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTagReplacement, tagReplacementFacts } from '../../describe/tag-replacement.ts'
import { nothing } from '../../describe/fires.ts'

export const definition = defineTagReplacement({
  id: 'tag_replacement_generic',
  name: 'Tag Replacement Generic',
  description: 'Attach a tag, or substitue a tag by another',
  searchRegex: ''
})

export const facts = tagReplacementFacts(nothing)

export const explain: Explain = () =>
  doesNothing`Does nothing: it is the base of the TLP and PAP replacements and has no search pattern of its own.`

export const versions = {
  // MISP's own text, of another module.
  '2.4.177': { definition: { ...definition, description: 'Toggle or remove the IDS flag on selected attributes.' } }
}
