// Where two runs took different ways: the step that both have, that came out differently, and that led to how they ended.
import type { ComparedStep } from '../../../contract/comparison.ts'
import type { RunFold } from '../fold.ts'
import type { Compared } from './compare-runs.ts'
import type { Side } from './side.ts'

/** The number of the line; null where nothing differs. */
export function decidingRow({ a, b, rows }: Compared): number | null {
  const outcomes = [a, b].map(({ run }) => run.fold.finished?.outcome ?? null)
  const rowsOfA = rowsBy(rows, 'a')
  const rowsOfB = rowsBy(rows, 'b')
  const ways =
    outcomes[0] === outcomes[1]
      ? []
      : [wayOf(a, outcomes[0] !== 'success', rowsOfA), wayOf(b, outcomes[1] !== 'success', rowsOfB)]
  for (const way of ways) {
    // The end of a run first; what is earliest in time decided.
    const at = way.findLast((row) => rows[row]?.in.includes('result'))
    if (at !== undefined) return at
  }
  const found = rows.findIndex((row) => row.in.includes('result'))
  if (found >= 0) return found
  const alone = rows.findIndex(({ state }) => state === 'only a' || state === 'only b')
  if (alone >= 0) return alone
  const first = rows.findIndex(({ cause }) => cause === 'itself')
  const any = first >= 0 ? first : rows.findIndex(({ state }) => state !== 'same')
  return any >= 0 ? any : null
}

function rowsBy(rows: readonly ComparedStep[], side: 'a' | 'b'): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (const [i, row] of rows.entries()) {
    const step = row[side]
    if (step !== null) found.set(step - 1, i)
  }
  return found
}

/** Lines of the steps from the one that ended the run back to its start; nothing for a run that just came to its end. */
function wayOf({ run, index }: Side, isTold: boolean, rowOf: ReadonlyMap<number, number>): readonly number[] {
  if (!isTold) return []
  const way: number[] = []
  for (let at = enderOf(run.fold); at !== null; at = index.parentOf(at) ?? index.beforeInWalk(at)) {
    const row = rowOf.get(at)
    if (row !== undefined) way.push(row)
  }
  return way
}

/** The step that ended the run; null without steps. */
function enderOf({ steps, finished }: RunFold): number | null {
  const thrown = finished?.throwable
  const at = steps.findLastIndex((step) =>
    thrown ? step.nodeId === thrown.nodeId : step.moduleType !== 'logic' && !step.success
  )
  return at >= 0 ? at : steps.length > 0 ? steps.length - 1 : null
}
