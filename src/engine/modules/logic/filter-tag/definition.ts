import { say, aborts, sentences } from '../../../../contract/sentence.ts'
import { explains, fixed } from '../../describe/node-words.ts'
import { keptItems, wantedTags } from '../../describe/say-conditions.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineLogic } from '../../define.ts'
import { tagTraps, traps as trapsOf } from '../../describe/traps.ts'
import { clusters, tags } from '../../describe/world-options.ts'
import type { LogicFacts } from '../../facts.ts'

export const addedIn = '2.5.19'

export const definition = defineLogic({
  id: 'filter-tag',
  name: 'Filter :: Tag',
  version: '0.3',
  description: 'Tag filtering block. The module filters incoming data and forward the matching data to its output.',
  icon: 'filter',
  outputs: 1,
  params: [
    {
      id: 'filtering-label',
      label: 'Filtering Label',
      type: 'select',
      options: { A: 'Label A', B: 'Label B', C: 'Label C', D: 'Label D', E: 'Label E', F: 'Label F' },
      default: 'A'
    },
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: {
        attribute: 'Attributes',
        event_attribute: 'Inherited Attributes',
        event_report: 'Event Report',
        inherited_report: 'Inherited Event Report'
      },
      default: 'event_attribute'
    },
    {
      id: 'condition',
      label: 'Condition',
      type: 'select',
      default: 'in_or',
      options: {
        in_or: 'Is tagged with any (OR)',
        in_and: 'Is tagged with all (AND)',
        not_in_or: 'Is not tagged with any (OR)',
        not_in_and: 'Is not tagged with all (AND)'
      }
    },
    {
      id: 'tags',
      label: 'Tags',
      type: 'picker',
      multiple: true,
      picker_options: { select_options_url: '/tags/fastIndex/0.json' },
      placeholder: 'Pick a tag'
    },
    {
      id: 'clusters',
      label: 'Galaxy Clusters',
      type: 'picker',
      multiple: true,
      picker_options: { select_options_url: '/tags/fastIndex/1.json' },
      placeholder: 'Pick a Galaxy Cluster'
    }
  ],
  extra: { isFiltering: true }
})

export const facts: LogicFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [
    { part: 'tags', what: 'tags', param: 'tags', columns: ['name'] },
    { part: 'tags', what: 'galaxy clusters', param: 'clusters', columns: ['name'], prefix: 'misp-galaxy:' }
  ],
  branches: 'condition'
}

export const traps = trapsOf(definition, tagTraps)

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({
  tags: tags(from),
  clusters: clusters(from)
})

const places = {
  attribute: ['the attributes (those of objects too)', 'Tag.{n}.name'],
  event_attribute: ['the attributes (those of objects too)', '_allTags.{n}.name'],
  event_report: ['the event reports', 'Tag.{n}.name'],
  inherited_report: ['the event reports', '_allTags.{n}.name']
} as const
const isScope = (scope: string): scope is keyof typeof places => Object.hasOwn(places, scope)

export const explain = explains(definition, (node) => {
  const scope = node.text('scope')
  if (!isScope(scope))
    return say`Sets no filter: the scope ${node.the('scope')} is not one MISP knows, although it was the default in version 0.2.`
  for (const id of ['tags', 'clusters'])
    if (!node.isBlank(id) && typeof node.value(id) !== 'object')
      return aborts`Aborts the run with a TypeError: ${node.the(id)} is a text and MISP needs a list of tags.`
  const [what, path] = places[scope]
  const kept = keptItems(node.the('condition'), fixed(path), null, wantedTags(node))
  const label = node.the('filtering-label')
  const second = scope.endsWith('attribute') && say` and ${node.the('filtering-label', '_2')}`
  return sentences(
    say`From here on every node sees ${node.by('scope', what)} through filter ${label}${second}, which ${kept}`,
    say`A disabled filter ends the path here.`
  )
})
