// Runs that ended because the engine worker did. It writes them itself while it can; of those that it took along, the host keeps what it was told.
import { stat } from 'node:fs/promises'
import type { RunEvent, RunEventMap } from '../../../contract/run.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import { writeRunFile } from '../../runs/run-file.ts'
import { isThere } from '../../store/files.ts'
import type { Workspace } from '../../store/workspace.ts'

type Ending = { readonly [T in 'note' | 'run.finished']: { readonly type: T; readonly data: RunEventMap[T] } }

/** The last events of a run that does not go on. */
export const untimelyEnd = (code: string, text: string): readonly [Ending['note'], Ending['run.finished']] => [
  { type: 'note', data: { nodeId: null, code, text } },
  {
    type: 'run.finished',
    data: { outcome: 'cannot tell', outcomeText: text, success: false, walk: null, blockingErrors: [] }
  }
]

/** Ends a run on the list, with a file that says why nothing more is known of it. */
export async function keepLostRun(workspace: Workspace, lost: RunSummary, reason: string): Promise<void> {
  const text = `The engine worker stopped (${reason}), and the data of this run is lost with it.`
  const summary: RunSummary = { ...lost, state: 'done', outcome: 'cannot tell', outcomeText: text }
  const file = workspace.runFile(lost.id)
  if (!workspace.writable || (await isThere(file))) return void (await workspace.runs.put(summary, false))
  const events = untimelyEnd('WORKER_STOPPED', text).map(
    (end, i) => ({ ...end, runId: lost.id, seq: i + 1, at: 0, nodeId: null }) as RunEvent
  )
  await writeRunFile(file, { summary, workflow: null, options: {}, events, surroundings: null })
  await workspace.runs.put({ ...summary, size: (await stat(file)).size })
}
