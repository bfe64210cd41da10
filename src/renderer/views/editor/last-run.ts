// The last run of the workflow, shown in its editor and run again from there.
import type { JsonMap } from '../../../contract/json.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { client } from '../../client/client.ts'
import { showFailure, toast } from '../../stores/app.ts'
import type { Editor } from '../../stores/editor.ts'
import { workflowRow } from '../../../engine/graph/document.ts'
import { openRun } from '../../stores/run.ts'
import { profileNow } from '../../stores/added-modules.ts'
import { startRun } from '../../stores/start-run.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'

const nameOf = (editor: Editor): string => {
  const { document, detail } = editor.getState()
  const name = workflowRow(document)?.name
  return typeof name === 'string' && name !== '' ? name : detail.name
}

export function hideRun(editor: Editor): void {
  editor.setState(({ tab }) => ({ runId: null, tab: tab === 'run' ? 'node' : tab }))
}

function showRun(editor: Editor, runId: string): void {
  openRun(runId)
  editor.setState({ runId, tab: 'run' })
}

export async function showLastRun(editor: Editor): Promise<void> {
  const workflow = [nameOf(editor), `${nameOf(editor)} (unsaved)`]
  const answer = await client.call('runs.list', { filter: { workflow }, limit: 1 })
  if (!answer.ok) return showFailure(answer.error)
  const [last] = answer.data.runs
  if (last) showRun(editor, last.id)
  else toast('This workflow has no run yet. Run it, and it is shown here.')
}

/** Nothing is sent: what was live in that run is a dry run here. */
function optionsAgain({ options }: RunDetail): RunOptionsInput {
  const { mockSet, as, raw, user } = options ?? {}
  return {
    profile: profileNow(),
    ...(typeof mockSet === 'string' ? { mockSet } : {}),
    ...(typeof as === 'string' ? { as } : {}),
    ...(raw === true ? { raw } : {}),
    ...(typeof user === 'string' ? { user } : {})
  }
}

/** What is on the canvas, on the data of that run or on edited data. Stays in the editor. */
export async function runAgainHere(editor: Editor, before: RunDetail, edited: JsonMap | null): Promise<boolean> {
  const { document } = editor.getState()
  const { id } = before.summary
  const answer = await startRun({
    workflow: { json: document },
    data: edited ? { json: edited } : { runId: id, step: 0, which: 'original' },
    options: optionsAgain(before),
    edited: edited !== null,
    parent: id
  })
  if (!answer) return false
  if (!answer.ok) return (showFailure(answer.error), false)
  showRun(editor, answer.data.runId)
  return true
}
