// How a run ended, as it is compared: its texts, what PHP threw, how its jobs and the runs that it fired ended, and what was sent and changed in
// a node that never finished.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent, Throwable } from '../../../contract/run.ts'
import { plainEffect } from './plain-effect.ts'
import type { OwnValues } from './own-values.ts'
import type { ComparedRun } from './side.ts'

type Thrown = Throwable & { readonly nodeId: number | null }

const plainThrown = (thrown: Thrown | undefined): Json => (thrown ? `${thrown.class}: ${thrown.message}` : null)

/** Without a place for what there is not. The outcome is compared by itself. */
export function endOf({ fold, events }: ComparedRun, own: OwnValues): JsonMap {
  const { finished } = fold
  const first = events[0]?.runId
  const jobs = events.flatMap((event) => (event.type === 'job.finished' ? [plainJob(event.data)] : []))
  const fired = events.flatMap((event) =>
    event.type === 'run.finished' && event.runId !== first ? [plainEnd(event.data)] : []
  )
  const effects = fold.effects.filter(({ step }) => step === null).map(plainEffect)
  const world = fold.changes.flatMap(({ step, change }) => (step === null ? (own.plainChange(change) ?? []) : []))
  const { outcome: _outcome, ...texts } = finished ? plainEnd(finished) : {}
  return { ...texts, ...listsOf({ jobs, fired, effects, world: world as unknown as Json[] }) }
}

type Finished = Extract<RunEvent, { type: 'run.finished' }>['data']

const plainEnd = ({ outcome, outcomeText, blockingErrors, throwable }: Finished): JsonMap => ({
  outcome,
  text: outcomeText,
  errors: blockingErrors,
  thrown: plainThrown(throwable)
})

type Job = Extract<RunEvent, { type: 'job.finished' }>['data']

const plainJob = ({ success, message, throwable, cannotTell }: Job): JsonMap => ({
  ...{ success, message, thrown: plainThrown(throwable) },
  cannotTell: cannotTell ?? null
})

const listsOf = (lists: { readonly [name: string]: readonly Json[] }): JsonMap =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as JsonMap
