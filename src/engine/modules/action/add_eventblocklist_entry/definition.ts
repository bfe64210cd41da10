import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { hasWildcard } from '../../describe/say-conditions.ts'
import { quote, valueOf } from '../../describe/say.ts'
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

export const explain: Explain = (input) => {
  const [uuid, info, comment] = ['uuid_hash_path', 'eventinfo_hash_path', 'block_comment'].map((id) =>
    String(valueOf(input, definition, id))
  )
  const wild = [uuid ?? '', info ?? ''].find(hasWildcard)
  const trap = wild === undefined ? '' : ` ${quote(wild)} finds nothing: only plain paths are supported here.`
  return `Adds the event with the UUID at ${quote(uuid ?? '')} to the event blocklist, with the info at ${quote(info ?? '')} and the comment ${quote(comment ?? '')}; the event itself is not deleted.${trap}`
}
