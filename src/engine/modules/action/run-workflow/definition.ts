import type { Explain } from '../../../../contract/modules.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
import { filterIsOn, filterPhrase, isBlank, listOf, quote, quoteAll, valueOf } from '../../describe/say.ts'
import type { ActionFacts } from '../../facts.ts'

export const addedIn = '2.5.19'

const inputs = (workflow: string) => ({
  nothing: 'No data passed',
  roaming_data: `Roaming Data (Data of this ${workflow})`,
  event_ids: 'Event IDs from filters or Extracted from Roaming Data'
})

const define = (workflow: string) =>
  defineAction({
    id: 'run-workflow',
    name: 'Run Workflow',
    description: `Run a ${workflow}.`,
    icon: 'project-diagram',
    inputs: 1,
    outputs: 1,
    support_filters: true,
    expect_misp_core_format: true,
    params: [
      { id: 'workflows', label: 'Workflows', type: 'picker', options: [], multiple: true },
      {
        id: 'input_data',
        label: 'Select Data passed to Workflow',
        type: 'select',
        options: inputs(workflow),
        default: 'yes'
      }
    ]
  })

// MISP's own spelling, until it was corrected.
export const definition = define('Worflow')
export const versions = { '2.5-newest': { definition: define('Workflow') } }

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [],
  fires: nothing,
  adds: [],
  arbitraryUrls: null
}

export const explain: Explain = (input) => {
  const [workflows, what] = ['workflows', 'input_data'].map((id) => valueOf(input, definition, id))
  if (isBlank(workflows ?? '')) return 'Does nothing and fails: no workflow is chosen.'
  const names = typeof workflows === 'object' ? quoteAll(listOf(workflows ?? ''), 'and') : quote(workflows ?? '')
  const items = filterIsOn(input) ? `the uuids of the items${filterPhrase(input)}` : 'the uuid of the event'
  const passed =
    what === 'roaming_data' ? 'with the roaming data' : what === 'event_ids' ? `with ${items}` : 'without any data'
  const odd =
    what === 'nothing' || what === 'roaming_data' || what === 'event_ids'
      ? ''
      : ` ${quote(what ?? '')} is none of the choices, so nothing is passed.`
  return `Runs ${names} ${passed}, inside this run; how it ends is not looked at, but a disabled one aborts this run with a TypeError. Afterwards the roaming data is the event as it is in the database.${odd}`
}
