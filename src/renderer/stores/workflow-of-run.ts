// From a run to its workflow, and back to the workspace.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { navigate } from './router.ts'
import { saveFromElsewhere } from './workflow-files.ts'

const rowOf = (workflow: Json): JsonMap => workflowRow(workflow) ?? {}

/** The workflow of the workspace that a run went through: by uuid, else by the same nodes, else by name. */
async function workflowOfRun({ trigger }: RunSummary, workflow: Json): Promise<string | null> {
  const list = await client.call('workflows.list', {})
  if (!list.ok) return (showFailure(list.error), null)
  const { uuid, data, name } = rowOf(workflow)
  const nodes = JSON.stringify(data ?? null)
  const rows: (readonly [id: string, row: JsonMap])[] = []
  for (const { id } of list.data.filter((one) => one.trigger === trigger)) {
    const full = await client.call('workflows.get', { workflowId: id })
    if (full.ok) rows.push([id, rowOf(full.data.workflow)])
  }
  const found =
    (uuid && rows.find(([, row]) => row['uuid'] === uuid)) ||
    rows.find(([, row]) => JSON.stringify(row['data'] ?? null) === nodes) ||
    rows.find(([, row]) => !uuid && row['name'] === name)
  return found ? found[0] : null
}

export async function openWorkflowOfRun(summary: RunSummary, workflow: Json): Promise<void> {
  const id = await workflowOfRun(summary, workflow)
  if (id !== null) return navigate(['workflows', id])
  const save = { label: 'Save as workflow', run: () => void saveWorkflowOfRun(summary, workflow, false) }
  toast('The workspace does not have the workflow of this run.', { action: save })
}

/** Saves what the run shows of its workflow, and opens it. `rebuilt`: made of posts, so it has no name or uuid yet. */
export async function saveWorkflowOfRun(summary: RunSummary, workflow: Json, rebuilt: boolean): Promise<void> {
  const row = rowOf(workflow)
  const own = { ...row, uuid: crypto.randomUUID(), name: `${summary.trigger} from ${summary.startedAt.slice(0, 10)}` }
  const given = rebuilt ? { Workflow: own } : workflow
  const saved = await saveFromElsewhere({ workflow: given }, `Saved from run ${summary.id}`)
  if (saved !== null) navigate(['workflows', saved.id])
}
