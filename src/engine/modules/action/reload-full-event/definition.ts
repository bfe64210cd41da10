import { say } from '../../../../contract/sentence.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import type { ActionFacts } from '../../facts.ts'

export const missingIn = '2.4.198'

export const definition = defineAction({
  id: 'reload-full-event',
  name: 'Reload full Event',
  description: 'Reload the full Event from the database and assign it to the roaming data.',
  icon: 'sync-alt',
  inputs: 1,
  outputs: 1,
  expect_misp_core_format: true
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  restores: 'database',
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = () =>
  say`Replaces the roaming data with the event from the database; filters and attached results are lost. Does nothing if the trigger is not in MISP core format.`
