import { say, doesNothing } from '../../../../contract/sentence.ts'
import { explains } from '../../describe/node-words.ts'
import type { ModuleEntry } from '../../define.ts'
import { defineAction } from '../../define.ts'
import { nothing } from '../../describe/fires.ts'
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

export const optionsFor: NonNullable<ModuleEntry['optionsFor']> = ({ adHocWorkflows = [] }) => ({
  workflows: { options: adHocWorkflows }
})

export const facts: ActionFacts = {
  enabledByDefault: false,
  changesData: true,
  needs: [],
  sends: [],
  fires: nothing,
  startsAdHoc: true,
  adds: [],
  arbitraryUrls: null
}

export const explain = explains(definition, (node) => {
  if (node.isBlank('workflows'))
    return doesNothing`Does nothing and fails: ${node.by('workflows', 'no workflow is chosen')}.`
  const what = node.text('input_data')
  const ids = node.hasFilter ? say`the uuids of ${node.filtered}` : 'the uuid of the event'
  const isOdd = what !== 'nothing' && what !== 'roaming_data' && what !== 'event_ids'
  const passed =
    what === 'roaming_data'
      ? node.by('input_data', 'with the roaming data')
      : what === 'event_ids'
        ? say`${node.by('input_data', 'with')} ${ids}`
        : node.by('input_data', 'without any data')
  const odd = isOdd && say` ${node.the('input_data')} is none of the choices, so nothing is passed.`
  return say`Runs ${node.each('workflows', 'and')} ${passed}, inside this run; how it ends is not looked at, but a disabled one aborts this run with a TypeError. Afterwards the roaming data is the event as it is in the database.${odd}`
})
