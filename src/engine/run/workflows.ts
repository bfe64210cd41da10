// The table of workflows, and which of them listen to a trigger. MISP keeps one row per workflow; only its counter changes
// during a run.
import type { JsonMap } from '../../contract/json.ts'
import { phpString } from '../php/cast.ts'

export class WorkflowTable {
  readonly #rows: JsonMap[]

  constructor(rows: readonly JsonMap[]) {
    this.#rows = [...rows]
  }

  /** Workflow::fetchWorkflow by id. */
  byId(id: string): JsonMap | null {
    return this.#rows.find((row) => phpString(row['id'] ?? null) === id) ?? null
  }

  /** Workflow::fetchWorkflowByTrigger: the first row whose `trigger_id` is that trigger. */
  byTrigger(triggerId: string): JsonMap | null {
    return this.#rows.find((row) => row['trigger_id'] === triggerId) ?? null
  }

  /** Workflow::fetchAdHocWorkflows: the column is compared by SQL's LIKE, whose `_` is any character. */
  adHoc(): readonly JsonMap[] {
    return this.#rows.filter((row) => /^adhoc./i.test(phpString(row['trigger_id'] ?? null)))
  }

  /** Stores a row under its id. */
  store(row: JsonMap): void {
    const at = this.#rows.findIndex((known) => known['id'] === row['id'])
    if (at >= 0) this.#rows[at] = row
  }
}
