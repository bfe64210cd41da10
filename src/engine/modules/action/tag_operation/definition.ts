import type { JsonMap } from '../../../../contract/json.ts'
import type { Explain, ParamDefinition } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { tags } from '../../describe/world-options.ts'
import { attributes, filterIsOn, filterPhrase, isBlank, listOf, quote, quoteAll, valueOf } from '../../describe/say.ts'
import { firesByTagging } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const definition = defineAction({
  id: 'tag_operation',
  name: 'Tag operation',
  version: '0.2',
  description: 'Add or remove tags on Event or Attributes.',
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
      options: { event: 'Event', attribute: 'Attributes' },
      default: 'event'
    },
    {
      id: 'action',
      label: 'Action',
      type: 'select',
      options: { add: 'Add Tags', remove: 'Remove Tags' },
      default: 'add'
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global', any: 'Any' },
      default: 'local'
    },
    { id: 'tags', label: 'Tags', type: 'picker', multiple: true, options: [], placeholder: 'Pick a tag' },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', display_on: { action: 'add' } }
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [{ part: 'tags', what: 'tags', param: 'tags', columns: ['name'] }],
  sends: [],
  fires: (params) => firesByTagging(definition, params),
  adds: [],
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ tags: tags(from) })

function target(input: Parameters<Explain>[0], scope: string): string {
  if (scope === 'event')
    return filterIsOn(input)
      ? `the event in what its filter keeps (the items${filterPhrase(input)}), which only works if they still contain \`Event\``
      : 'the event'
  return filterIsOn(input) ? `the attributes${filterPhrase(input)}` : attributes(input)
}

const explainWith =
  (where: string, extra: (params: JsonMap) => string): Explain =>
  (input) => {
    const [scope, action, locality, tags, relationship] = [
      'scope',
      'action',
      'locality',
      'tags',
      'relationship_type'
    ].map((id) => valueOf(input, definition, id))
    if (isBlank(tags ?? '')) return 'Changes nothing and fails: no tag is chosen.'
    if (typeof tags !== 'object')
      return `Changes nothing and fails: the tags are the text ${quote(tags ?? '')}, not a list.`
    const names = quoteAll(listOf(tags), 'and')
    const which = locality === 'any' ? '' : locality === 'local' ? 'local ' : 'global '
    const plural = listOf(tags).length > 1 ? 'tags' : 'tag'
    const what = target(input, String(scope))
    const change =
      action === 'remove'
        ? `Removes the ${which}${plural} ${names} from ${what}`
        : `Adds the ${which}${plural} ${names} to ${what}${isBlank(relationship ?? '') ? '' : ` with the relationship ${quote(relationship ?? '')}`}`
    return `${change}, ${where}${extra(input.params)}`
  }

export const explain = explainWith(
  'in the database only: the roaming data shows this only after `reload-full-event`.',
  () => ''
)

const newParams = definition.params.flatMap((param): ParamDefinition[] => {
  if (param.id !== 'tags') return [param]
  const { options: _options, ...tags } = param
  const picker = (kind: number) => ({ picker_options: { select_options_url: `/tags/fastIndex/${kind}.json` } })
  const clusters = {
    ...tags,
    id: 'clusters',
    label: 'Galaxy Clusters',
    placeholder: 'Pick a Galaxy Cluster',
    ...picker(1)
  }
  return [{ ...tags, ...picker(0) }, clusters]
})

export const versions = {
  '2.5.19': {
    definition: { ...definition, params: newParams },
    facts: { ...facts, changesData: true },
    explain: explainWith(
      'in the database and the roaming data, where event tags are not inherited by attributes.',
      ({ clusters }) => (isBlank(clusters ?? '') ? '' : ' The chosen galaxy clusters are ignored.')
    )
  }
}
