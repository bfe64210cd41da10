import { say, sentences } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { firesByTagging } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineAction({
  id: 'tag_country_asn_from_enrichment',
  name: 'Tag attribute with country and ASN',
  description: 'Tag attributes based on country and ASN information extracted from enrichment data.',
  icon: 'globe',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  params: [
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global' },
      default: 'local'
    }
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [],
  fires: (params) => firesByTagging(definition, { ...params, scope: 'attribute' }),
  adds: [],
  arbitraryUrls: null,
  selects: attributes('tagged')
}

export const explain = explains(definition, (node) =>
  sentences(
    say`Tags each attribute ${node.locally} with what its enrichment says of country, country code, ASN and its organisation (\`country:"…"\`, \`country_code:"…"\`, \`asn_number:"…"\`, \`asn_org:"…"\`), in the database and the roaming data; fails when no attribute has any of them.`,
    node.hasFilter &&
      say`Its filter leaves ${node.filtered}, and attributes are then looked for at \`Event._AttributeFlattened\` in them: it finds nothing.`
  )
)
