import type { Explain } from '../../../../contract/modules.ts'
import type { ModuleEntry } from '../../define.ts'
import { distributionParam, sharingGroupParam } from '../../describe/distribution-params.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import { filterIsOn, filterPhrase, optionLabel, quote, sentences, valueOf } from '../../describe/say.ts'
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

const what = (input: Parameters<Explain>[0], type: string): string => {
  const text = (id: string): string => quote(valueOf(input, definition, id))
  if (type === 'Opinion') return `the opinion ${text('opinion')} with the comment ${text('comment')}`
  if (type === 'Relationship')
    return `the relationship ${text('relationship_type')} to the ${text('related_object_type')} ${text('related_object_uuid')}`
  return `the note ${text('note')}`
}

export const explain: Explain = (input) => {
  const [target, type, distribution] = ['target', 'analyst_data_type', 'distribution'].map((id) =>
    String(valueOf(input, definition, id))
  )
  if (!['Note', 'Opinion', 'Relationship'].includes(type ?? ''))
    return `Does nothing and fails: MISP knows no analyst data ${quote(type ?? '')}.`
  if (!filterIsOn(input) && target === 'GalaxyCluster')
    return 'Aborts the run with a TypeError: an event has no list of galaxy clusters at `Event.GalaxyCluster`.'
  const label = optionLabel(definition, 'target', target ?? '')
  const where = filterIsOn(input)
    ? `the items${filterPhrase(input)}`
    : !named.includes(target ?? '') || target === 'Event'
      ? 'the event'
      : `everything at \`Event.${target === 'Attribute' ? '_AttributeFlattened' : (target ?? '')}\``
  return sentences(
    `Adds ${what(input, type ?? '')} to ${where} in the database, as analyst data of a ${quote(target ?? '')}, in the name of the user who caused the run; where nobody did, it fails.`,
    label !== target && `MISP stores ${quote(target ?? '')} as the kind of thing, not ${quote(label)}.`,
    distribution === '4' && 'The sharing group is lost: MISP takes it for every distribution but this one.',
    'The author is not used: MISP looks for it under another name.'
  )
}
