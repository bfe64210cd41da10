import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { alwaysFires, savesEvent } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const missingIn = '2.4.177'

export const definition = defineAction({
  id: 'publish-event',
  name: 'Publish Event',
  description: 'Publish an Event in the context of the workflow',
  icon: 'upload',
  inputs: 1,
  outputs: 1
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: false,
  needs: [],
  sends: [],
  fires: alwaysFires('event-publish', savesEvent),
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = () =>
  say`Publishes the event of the roaming data in the database, without mails; this fires \`event-publish\` (in an \`event-publish\` workflow: this workflow again, endlessly).`
