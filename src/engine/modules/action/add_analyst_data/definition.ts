import { say, aborts, doesNothing, sentences, termed } from '../../../../contract/sentence.ts'
import { optionLabel } from '../../describe/settings.ts'
import { explains } from '../../describe/node-words.ts'
import type { Sentence } from '../../../../contract/sentence.ts'
import type { NodeWords } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import { sharingGroups } from '../../describe/world-options.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5.19'

const onNote = { display_on: { analyst_data_type: 'Note' } }
const onOpinion = { display_on: { analyst_data_type: 'Opinion' } }
const onRelationship = { display_on: { analyst_data_type: 'Relationship' } }

export const definition = defineAction({
  id: 'add_analyst_data',
  name: 'Add Analyst Data',
  description: 'Add analyst data on the selected element(s).',
  icon: 'sticky-note',
  inputs: 1,
  outputs: 1,
  support_filters: true,
  expect_misp_core_format: true,
  params: [
    {
      id: 'target',
      label: 'Target',
      type: 'select',
      options: ['Attribute', 'Event', 'EventReport', 'GalaxyCluster', 'Object'],
      default: 'Event'
    },
    {
      id: 'analyst_data_type',
      label: 'Analyst Data Type',
      type: 'select',
      options: { Note: 'Note', Opinion: 'Opinion', Relationship: 'Relationship' },
      default: 'Note'
    },
    distributionParam('part'),
    sharingGroupParam(false),
    { id: 'author', label: 'Author', type: 'input' },
    { id: 'language', label: 'Language', type: 'input', ...onNote },
    { id: 'note', label: 'Note', type: 'textarea', jinja_supported: true, ...onNote },
    { id: 'opinion', label: 'Opinion', type: 'input', input_type: 'number', min: 0, max: 100, ...onOpinion },
    { id: 'comment', label: 'Comment', type: 'textarea', jinja_supported: true, ...onOpinion },
    { id: 'relationship_type', label: 'Relationship Type', type: 'input', jinja_supported: true, ...onRelationship },
    {
      id: 'related_object_type',
      label: 'Related Object Type',
      type: 'input',
      jinja_supported: true,
      placeholder: 'Use one of the valid targets from the target list',
      default: 'Event',
      ...onRelationship
    },
    { id: 'related_object_uuid', label: 'Related Object UUID', type: 'input', jinja_supported: true, ...onRelationship }
  ]
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = (from) => ({ sharing_group_id: sharingGroups(from) })

const named = ['Event', 'Attribute', 'EventReport', 'Object']

function what(node: NodeWords, type: string): Sentence {
  if (type === 'Opinion') return say`the opinion ${node.the('opinion')} with the comment ${node.the('comment')}`
  if (type === 'Relationship')
    return say`the relationship ${node.the('relationship_type')} to the ${node.the('related_object_type')} ${node.the('related_object_uuid')}`
  return say`the note ${node.the('note')}`
}

function where(node: NodeWords, target: string): Sentence {
  if (node.hasFilter) return say`${node.filtered}`
  if (!named.includes(target) || target === 'Event') return node.by('target', 'the event')
  return say`everything at ${node.saying('target', termed(`Event.${target === 'Attribute' ? '_AttributeFlattened' : target}`))}`
}

export const explain = explains(definition, (node) => {
  const [target, type] = [node.text('target'), node.text('analyst_data_type')]
  if (!['Note', 'Opinion', 'Relationship'].includes(type))
    return doesNothing`Does nothing and fails: MISP knows no analyst data ${node.the('analyst_data_type')}.`
  if (!node.hasFilter && target === 'GalaxyCluster')
    return aborts`Aborts the run with a TypeError: an event has no list of galaxy clusters at ${node.saying('target', termed('Event.GalaxyCluster'))}.`
  return sentences(
    say`Adds ${what(node, type)} to ${where(node, target)} in the database, as analyst data of a ${node.the('target')}, in the name of the user who caused the run; where nobody did, it fails.`,
    optionLabel(definition, 'target', target) !== target &&
      say`MISP stores ${node.the('target')} as the kind of thing, not ${node.option('target')}.`,
    node.text('distribution') === '4' &&
      say`${node.by('distribution', 'The sharing group is lost')}: MISP takes it for every distribution but this one.`,
    say`The author is not used: MISP looks for it under another name.`
  )
})
