import { say, sentences } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, editsAttributes, firesByTagging } from '../../describe/fires.ts'
import { attributes } from '../../describe/selects.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5-newest'

export const definition = defineAction({
  id: 'tag_cve_from_enrichment',
  name: 'Tag attribute with CVE information',
  description:
    'Tag an attribute based on CVE information extracted from CVE premium (not via an enrichment module). The CVSS score is used to create relevant tags, and the CVE summary is appended to the attribute comment.',
  icon: 'globe',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  params: [
    {
      id: 'locality',
      label: 'Tag locality',
      type: 'select',
      options: { local: 'Local', global: 'Global' },
      default: 'local'
    },
    {
      id: 'add_vulnerability_ttp',
      label: 'Add vulnerability TTP (T1588.006)',
      type: 'select',
      default: '1',
      options: { no: 'No', yes: 'Yes' }
    }
  ],
  extra: { icon_path: 'webhook.png' }
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [{ to: 'origin', origin: 'https://vulnerability.circl.lu', method: 'GET' }],
  fires: (params) => [
    ...new Map(
      [...firesByTagging(definition, { ...params, scope: 'attribute' }), ...alwaysFires(editsAttributes)()].map(
        (one) => [one.trigger, one]
      )
    ).values()
  ],
  adds: [],
  // It asks whatever the setting says; only the error that it also reports differs.
  arbitraryUrls: 'shown',
  selects: attributes('tagged')
}

export const explain = explains(definition, (node) => {
  const extra =
    node.text('add_vulnerability_ttp') === 'yes' &&
    say`, and ${node.by('add_vulnerability_ttp', 'with the attack pattern T1588.006')}`
  return sentences(
    say`Asks vulnerability.circl.lu about each attribute of type \`vulnerability\`, tags it ${node.locally} with the CVSS score and the threat level${extra}, and appends the summary to its comment, in the database and the roaming data. It always also reports \`URL not provided.\`, and a look-up that fails is an error that ends the node.`,
    node.hasFilter &&
      say`Its filter leaves ${node.filtered}, and attributes are then looked for at \`Event._AttributeFlattened\` in them: it finds nothing.`
  )
})
