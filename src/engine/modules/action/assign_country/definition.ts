import { say, aborts, sentences } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { firesByTagging } from '../../describe/fires.ts'
import { attributesInScope } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'assign_country',
  name: 'Assign country',
  version: '0.2',
  description: 'Add or remove country Galaxy Cluster based on provided data',
  icon: 'globe',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { event: 'Event', attribute: 'Attributes' },
      default: 'event'
    },
    {
      id: 'hash_path',
      label: 'Country Hash path',
      type: 'hashpath',
      placeholder: 'enrichment.{n}.{n}.values.0',
      default: 'enrichment.{n}.{n}.values.0'
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global' },
      default: 'local'
    },
    {
      id: 'galaxy_name',
      label: 'Galaxy Name',
      type: 'select',
      options: { country: 'country' },
      placeholder: 'Pick a galaxy name'
    },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', display_on: { action: 'add' } }
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: (params) => firesByTagging(definition, params),
  adds: [],
  arbitraryUrls: null,
  selects: attributesInScope('tagged'),
  // Module_assign_country_from_enrichment reads in each attribute, though its definition does not say so.
  readsPathsIn: 'Event._AttributeFlattened.{n}'
}

export const explain = explains(definition, (node) =>
  sentences(
    say`Looks up the countries at ${node.the('hash_path')} of each attribute and adds the matching country cluster, ${node.locally}, to the ${node.by('scope', node.text('scope') === 'event' ? 'event' : 'attribute')} in the database; fails if no name matches a cluster (case-insensitive).`,
    node.hasFilter &&
      say`Its filter keeps ${node.filtered}, but attributes are then looked up at \`Event._AttributeFlattened\` in them, which only works if the filter keeps the event.`
  )
)

/** Newer versions call what they extend with too few arguments. */
const explainAbort = explains(definition, (node) => {
  const when =
    node.text('scope') === 'event'
      ? node.by('scope', 'always, also where no country is found')
      : node.by('scope', 'as soon as there is an attribute')
  return aborts`Aborts the run with an ArgumentCountError ${when}: MISP hands too few arguments to its tag operation.`
})

export const versions = { '2.5.19': { explain: explainAbort } }
