// What the three tag replacement modules share: MISP's TLP and PAP modules inherit their parameters from the generic one.
import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'
import { defineAction } from '../define.ts'
import { quote, valueOf } from './say.ts'

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

const places: Readonly<Record<string, string>> = {
  all: 'event and attributes',
  attribute: 'attributes',
  event: 'event'
}

/** `words`: the tag that is added, the taxonomy, and examples of how its tags are written differently. */
export const explainTagReplacement =
  (
    definition: ModuleDefinition,
    words: { readonly tag: string; readonly taxonomy: string; readonly as: string }
  ): Explain =>
  (input) => {
    const [scope, remove, locality] = ['scope', 'remove_substituted', 'locality'].map((id) =>
      valueOf(input, definition, id)
    )
    const kept =
      remove === 'yes'
        ? 'removes the old ones'
        : remove === 'no'
          ? 'keeps the old ones'
          : `keeps the old ones (${quote(remove ?? '')} is not \`yes\`)`
    const whose = typeof scope === 'string' && Object.hasOwn(places, scope) ? places[scope] : undefined
    if (whose === undefined) return `Changes nothing and fails: ${quote(scope ?? '')} is not a scope MISP knows.`
    return `Adds ${locality === 'local' ? 'local' : 'global'} ${words.tag} tags for differently spelled ${words.taxonomy} tags of the ${whose} (as in ${words.as}), and ${kept}; in the database only.`
  }

/** Newer versions call what they extend with too few arguments. */
export const explainAbort =
  (taxonomy: string): Explain =>
  () =>
    `Aborts the run with an ArgumentCountError as soon as a differently written ${taxonomy} tag is to be replaced, before anything is changed: MISP hands too few arguments to its tag operation. Where no tag is to be replaced, it changes nothing.`
