import { say } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import { hasWildcard } from '../../describe/say-conditions.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineAction({
  id: 'add_eventblocklist_entry',
  name: 'Add Event Blocklist entry',
  description: 'Create a new entry in the Event blocklist table',
  icon: 'ban',
  inputs: 1,
  outputs: 1,
  expect_misp_core_format: true,
  params: [
    {
      id: 'uuid_hash_path',
      label: 'Event UUID Hash path',
      type: 'hashpath',
      placeholder: 'Event.uuid',
      default: 'Event.uuid',
      hashpath: { is_sub_selector: true }
    },
    {
      id: 'eventinfo_hash_path',
      label: 'Event Info Hash path',
      type: 'hashpath',
      placeholder: 'Event.info',
      default: 'Event.info',
      hashpath: { is_sub_selector: true }
    },
    {
      id: 'block_comment',
      label: 'Blocklist Comment',
      type: 'input',
      placeholder: 'Blocked from workflow',
      default: 'Blocked from workflow'
    }
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

export const explain = explains(definition, (node) => {
  const wild = ['uuid_hash_path', 'eventinfo_hash_path'].find((id) => hasWildcard(node.text(id)))
  const trap = wild !== undefined && say` ${node.the(wild)} finds nothing: only plain paths are supported here.`
  return say`Adds the event with the UUID at ${node.the('uuid_hash_path')} to the event blocklist, with the info at ${node.the('eventinfo_hash_path')} and the comment ${node.the('block_comment')}; the event itself is not deleted.${trap}`
})
