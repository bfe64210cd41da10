// Captured runs on the workspace's list, with the workflow that each is taken for.
import type { RunSummary } from '../../contract/run-views.ts'
import { createPauses } from '../pauses.ts'
import type { Workspace } from '../store/workspace.ts'
import { toRunSummary, type CapturedRun } from './derive/captured-run.ts'
import { WorkflowNames } from './group/fitting-workflow.ts'

export class ListedRuns {
  private readonly names: WorkflowNames

  constructor(
    private readonly workspace: Pick<Workspace, 'runs' | 'workflows'>,
    private readonly logMistake: (context: string, error: unknown) => void
  ) {
    this.names = new WorkflowNames(workspace.workflows)
  }

  changed(changed: readonly CapturedRun[], removed: readonly string[]): void {
    const { runs } = this.workspace
    if (changed.length > 0) runs.putDerived(changed.map((run) => toRunSummary(run, this.names.of(run))))
    for (const id of removed) runs.remove(id, false).catch((error: unknown) => this.logMistake('runs', error))
  }

  /** Workflows were saved or removed: `rename` is called once posts are grouped by them. */
  workflowsChanged(): void {
    this.names.forget()
  }

  /** Runs whose workflow is another one now than when they were listed. */
  async rename(captured: Iterable<CapturedRun>): Promise<void> {
    const { runs } = this.workspace
    const pause = createPauses()
    const changed: RunSummary[] = []
    for (const run of captured) {
      const listed = runs.get(run.id)
      const name = this.names.of(run)
      if (listed && (listed.workflowName !== name.workflowName || listed.workflowId !== name.workflowId))
        changed.push({ ...listed, ...name })
      await pause()
    }
    if (changed.length > 0) runs.putDerived(changed)
  }
}
