import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { Explain, ParamDefinition } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { tags } from '../../describe/world-options.ts'
import { firesByTagging } from '../../describe/fires.ts'
import { attributesInScope } from '../../describe/selects.ts'
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
  arbitraryUrls: null,
  selects: attributesInScope('tagged')
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ tags: tags(from) })

function target(node: NodeWords): Sentence {
  if (node.text('scope') !== 'event')
    return node.hasFilter && node.input.seen === undefined ? say`the attributes${node.filterPhrase}` : node.attributes
  return node.hasFilter
    ? say`the event in what its filter keeps (${node.filtered}), which only works if they still contain \`Event\``
    : node.by('scope', 'the event')
}

const explainWith = (where: (node: NodeWords) => Sentence): Explain =>
  explains(definition, (node) => {
    if (node.isBlank('tags')) return doesNothing`Changes nothing and fails: ${node.by('tags', 'no tag is chosen')}.`
    if (typeof node.value('tags') !== 'object')
      return doesNothing`Changes nothing and fails: the tags are the text ${node.the('tags')}, not a list.`
    const locality = node.text('locality')
    const which = locality === 'any' ? null : node.by('locality', locality === 'local' ? 'local ' : 'global ')
    const tags = say`the ${which}${node.list('tags').length > 1 ? 'tags' : 'tag'} ${node.each('tags', 'and')}`
    const related = !node.isBlank('relationship_type') && say` with the relationship ${node.the('relationship_type')}`
    const change =
      node.text('action') === 'remove'
        ? say`${node.by('action', 'Removes')} ${tags} from ${target(node)}`
        : say`${node.by('action', 'Adds')} ${tags} to ${target(node)}${related}`
    return say`${change}, ${where(node)}`
  })

export const explain = explainWith(
  () => say`in the database only: the roaming data shows this only after \`reload-full-event\`.`
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
      (node) =>
        say`in the database and the roaming data, where event tags are not inherited by attributes.${!node.isBlank('clusters') && say` ${node.by('clusters', 'The chosen galaxy clusters are ignored.')}`}`
    )
  }
}
