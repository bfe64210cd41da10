// What the three tag replacement modules share: MISP's TLP and PAP modules inherit their parameters from the generic one.
import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'
import { aborts, doesNothing, say } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { defineAction } from '../define.ts'
import type { ActionFacts } from '../facts.ts'
import { explains } from './node-words.ts'
import { attributesInScope } from './selects.ts'

interface Replacement<Id extends string> {
  readonly id: Id
  readonly name: string
  readonly description: string
  readonly searchRegex: string
}

export const defineTagReplacement = <const Id extends string>({ searchRegex, ...own }: Replacement<Id>) =>
  defineAction({
    ...own,
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
    extra: { searchRegex, substitutionTemplate: '' }
  })

/** `fires`: the generic one never gets as far as a tag. */
export const tagReplacementFacts = (fires: ActionFacts['fires']): ActionFacts => ({
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires,
  adds: [],
  arbitraryUrls: null,
  selects: attributesInScope('tagged')
})

const places = { all: 'event and attributes', attribute: 'attributes', event: 'event' } as const
const isPlace = (scope: string): scope is keyof typeof places => Object.hasOwn(places, scope)

/** `words`: the tag that is added, the taxonomy, and examples of how its tags are written differently. */
export const explainTagReplacement = (
  definition: ModuleDefinition,
  { tag, taxonomy, as }: { readonly tag: Sentence; readonly taxonomy: 'TLP' | 'PAP'; readonly as: Sentence }
): Explain =>
  explains(definition, (node) => {
    const remove = node.text('remove_substituted')
    const kept =
      remove === 'yes'
        ? node.by('remove_substituted', 'removes the old ones')
        : remove === 'no'
          ? node.by('remove_substituted', 'keeps the old ones')
          : say`keeps the old ones (${node.the('remove_substituted')} is not \`yes\`)`
    const scope = node.text('scope')
    if (!isPlace(scope)) return doesNothing`Changes nothing and fails: ${node.the('scope')} is not a scope MISP knows.`
    const locality = node.by('locality', node.text('locality') === 'local' ? 'local' : 'global')
    return say`Adds ${locality} ${tag} tags for differently spelled ${taxonomy} tags of the ${node.by('scope', places[scope])} (as in ${as}), and ${kept}; in the database only.`
  })

/** Newer versions call what they extend with too few arguments. */
export const explainAbort =
  (taxonomy: 'TLP' | 'PAP'): Explain =>
  () =>
    aborts`Aborts the run with an ArgumentCountError as soon as a differently written ${taxonomy} tag is to be replaced, before anything is changed: MISP hands too few arguments to its tag operation. Where no tag is to be replaced, it changes nothing.`
