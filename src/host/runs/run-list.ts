// Every run in memory, in the order of their start, and the pages that lists show of them.
import { CodedError } from '../../contract/errors.ts'
import { countLeading } from '../../contract/lists.ts'
import type { RunFilter } from '../../contract/operations.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { RunPage } from '../../contract/workspace.ts'
import { buildMatcher, countChildren, rootsOf } from './run-filter.ts'
import { sortedPage, sortedRuns } from './run-order.ts'
import type { RunOrder } from './run-order.ts'

type Place = Pick<RunSummary, 'startedAt' | 'id'>

/** Where in `runs`, oldest first, the run is or belongs. */
const placeOf = (runs: readonly RunSummary[], run: Place): number =>
  countLeading(runs, (one) => compareRuns(one, run) < 0)

export class RunList {
  /** Oldest first: new runs are the usual case and go to the end. */
  readonly #runs: RunSummary[] = []
  readonly #byId = new Map<string, RunSummary>()
  /** What the last list showed, and how many runs came directly out of each. */
  #found: { readonly key: string; readonly runs: readonly RunSummary[] } | null = null
  #children: ReadonlyMap<string, number> | null = null
  readonly #text = new WeakMap<RunSummary, string>()

  get all(): readonly RunSummary[] {
    return this.#runs
  }

  get size(): number {
    return this.#byId.size
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  get(id: string): RunSummary | undefined {
    return this.#byId.get(id)
  }

  /** Adds or replaces it. */
  put(run: RunSummary): void {
    this.#changed()
    const old = this.#byId.get(run.id)
    if (old && compareRuns(old, run) === 0) this.#runs[this.#position(old)] = run
    else {
      if (old) this.drop(run.id)
      const last = this.#runs.at(-1)
      if (!last || compareRuns(last, run) < 0) this.#runs.push(run)
      else this.#runs.splice(this.#position(run), 0, run)
    }
    this.#byId.set(run.id, run)
  }

  /** False where it is not there. */
  drop(id: string): boolean {
    const run = this.#byId.get(id)
    if (!run) return false
    this.#changed()
    this.#runs.splice(this.#position(run), 1)
    return this.#byId.delete(id)
  }

  /** Position of the run, or where it belongs. */
  #position(run: Place): number {
    return placeOf(this.#runs, run)
  }

  /** A page, newest first. The cursor names the last run of the page before, so new runs do not shift it. */
  page(filter: RunFilter, search: string, cursor: string | null, limit: number, sort?: RunOrder): RunPage {
    const found = this.#find(filter, search, sort)
    const page = sort ? sortedPage(found, sort, cursor, limit) : newestPage(found, cursor, limit)
    if (filter.roots !== true && filter.parent === undefined) return page
    this.#children ??= countChildren(this.#runs)
    const children = this.#children
    return {
      ...page,
      children: Object.fromEntries(page.runs.flatMap(({ id }) => (children.has(id) ? [[id, children.get(id)!]] : [])))
    }
  }

  /** What a list shows, oldest first or in the order that is asked for: kept for the next pages, until a run changes. */
  #find(filter: RunFilter, search: string, sort: RunOrder | undefined): readonly RunSummary[] {
    const key = JSON.stringify([filter, search, sort])
    if (this.#found?.key === key) return this.#found.runs
    const matches = buildMatcher(filter, search, (run) => this.#textOf(run))
    const roots = filter.roots === true ? rootsOf(this.#runs, matches, this.#byId) : null
    const found = this.#runs.filter(roots === null ? matches : (run) => roots.has(run))
    const runs = sort ? sortedRuns(found, sort) : found
    this.#found = { key, runs }
    return runs
  }

  #changed(): void {
    this.#found = null
    this.#children = null
  }

  #textOf(run: RunSummary): string {
    let text = this.#text.get(run)
    if (text === undefined) {
      const { id, name, trigger, workflowName, workflowId, event, outcome, outcomeText, source, origin, words } = run
      text = [
        id,
        name,
        trigger,
        workflowName,
        workflowId,
        event?.info,
        event?.id,
        event?.uuid,
        outcome,
        outcomeText,
        source,
        origin,
        words
      ]
        .join('\n')
        .toLowerCase()
      this.#text.set(run, text)
    }
    return text
  }
}

function newestPage(found: readonly RunSummary[], cursor: string | null, limit: number): RunPage {
  const end = cursor === null ? found.length : placeOf(found, parseCursor(cursor))
  const from = Math.max(0, end - limit)
  const runs = found.slice(from, end).reverse()
  const last = runs.at(-1)
  return { runs, cursor: from > 0 && last ? `${last.startedAt}|${last.id}` : null, total: found.length }
}

/** By start, then id: a total order, so that a cursor is exact. */
function compareRuns(
  a: { readonly startedAt: string; readonly id: string },
  b: { readonly startedAt: string; readonly id: string }
): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function parseCursor(cursor: string): { readonly startedAt: string; readonly id: string } {
  const cut = cursor.indexOf('|')
  if (cut < 0) throw new CodedError('PARAMS_INVALID', 'The cursor does not belong to runs.list.', { place: 'cursor' })
  return { startedAt: cursor.slice(0, cut), id: cursor.slice(cut + 1) }
}
