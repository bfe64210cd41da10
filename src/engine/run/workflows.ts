// The table of workflows, and which of them listen to a trigger. MISP keeps one row per workflow; only its counter changes
// during a run.
import type { JsonMap } from '../../contract/json.ts'
import { phpString } from '../php/cast.ts'

export class WorkflowTable {
  readonly #given: readonly JsonMap[]
  readonly #rows: JsonMap[]
  readonly #read = new Set<number>()

  constructor(rows: readonly JsonMap[]) {
    this.#given = rows
    this.#rows = [...rows]
  }

  /** Rows behind the first one that were looked up, as they were given. */
  get readBeside(): readonly JsonMap[] {
    return this.#given.filter((_, i) => i > 0 && this.#read.has(i))
  }

  #at(fits: (row: JsonMap) => boolean): JsonMap | null {
    const at = this.#rows.findIndex(fits)
    if (at >= 0) this.#read.add(at)
    return this.#rows[at] ?? null
  }

  /** Workflow::fetchWorkflow by id. */
  byId(id: string): JsonMap | null {
    return this.#at((row) => phpString(row['id'] ?? null) === id)
  }

  /** Workflow::fetchWorkflowByTrigger: the first row whose `trigger_id` is that trigger. */
  byTrigger(triggerId: string): JsonMap | null {
    return this.#at((row) => row['trigger_id'] === triggerId)
  }

  /** Workflow::fetchAdHocWorkflows: the column is compared by SQL's LIKE, whose `_` is any character. */
  adHoc(): readonly JsonMap[] {
    return this.#rows.filter((row, i) => {
      const fits = /^adhoc./i.test(phpString(row['trigger_id'] ?? null))
      if (fits) this.#read.add(i)
      return fits
    })
  }

  /** Stores a row under its id. */
  store(row: JsonMap): void {
    const at = this.#rows.findIndex((known) => known['id'] === row['id'])
    if (at >= 0) this.#rows[at] = row
  }
}
