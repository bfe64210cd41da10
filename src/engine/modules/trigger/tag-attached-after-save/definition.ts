import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const missingIn = '2.4.198'

export const definition = defineTrigger({
  id: 'tag-attached-after-save',
  name: 'Tag Attached After Save',
  description: 'This trigger is called just after a Tag has been attached to an Event or an Attribute.',
  icon: 'tags',
  scope: 'tag',
  misp_core_format: true,
  trigger_overhead: 3,
  trigger_overhead_message:
    'This trigger is called each time a Tag has been attached. This means that when a large quantity of Tags are being saved (e.g. Feed pulling or synchronisation), the workflow will be run for as many time as there are Tag attached.',
  params: [
    {
      id: 'scope',
      label: 'Scope',
      type: 'select',
      options: { event: 'Event', attribute: 'Attributes', any: 'Any' },
      default: 'event'
    },
    {
      id: 'locality',
      label: 'Tag Locality',
      type: 'select',
      options: { local: 'Local', global: 'Global', any: 'Any' },
      default: 'local'
    },
    { id: 'tag', label: 'Tags', type: 'input', placeholder: 'Type a tag' }
  ]
})

export const facts: TriggerFacts = {
  refused: null,
  silent: null,
  // Module_tag_attached_after_save::normalizeData makes the event of it.
  withheld: { key: 'Tag', param: 'tag' },
  widest: { scope: 'any', locality: 'any', tag: '' }
}

export const explain = explains(definition, (node) => {
  const scope = node.text('scope')
  const to = node.by(
    'scope',
    scope === 'attribute' ? 'an attribute' : scope === 'event' ? 'an event' : 'an event or attribute'
  )
  const locality = node.text('locality')
  const how = (locality === 'local' || locality === 'global') && say`${node.by('locality', locality)} `
  const which = node.isBlank('tag') ? say`any ${how}tag` : say`the ${how}tag ${node.the('tag')}`
  return say`Runs later, in a background job, after ${which} was attached to ${to}; MISP fires it only when tag notifications over ZMQ or Kafka are on.`
})
