// A run whose data is in memory.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import type { Surroundings } from '../../../contract/surroundings.ts'
import type { RunFold } from '../../../engine/replay/fold.ts'

export interface OpenRun {
  summary: RunSummary
  readonly workflow: Json
  /** The workflow was made from posts. */
  readonly rebuilt: boolean
  /** Of captured and logged runs: as whose posts it was read. */
  readonly readAs?: string
  readonly options: JsonMap
  readonly fold: RunFold
  readonly events: RunEvent[]
  /** Its name and where it came from as its file says: what people said later is on the list. */
  readonly begun: Pick<RunSummary, 'name' | 'parent' | 'workflowName' | 'trigger'>
  /** What it depended on, when it is over. Null: that was not kept. */
  surroundings: Surroundings | null
}
