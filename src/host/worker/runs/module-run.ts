// A module that was run on its own, as a run of one step. MISP has no run for it: what starts and ends one is put around its events.
import type { RunEvent } from '../../../contract/run.ts'
import type { ModuleResult, ModuleRun } from '../../../engine/run/execute-module.ts'
import type { Stepper } from '../../../engine/run/walk/stepper.ts'

type Data<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>['data']
type Ended = Pick<ModuleResult, 'throwable' | 'cannotTell'> & { readonly success: boolean }

/** What the run says at its beginning. */
export const moduleStarted = (
  name: string,
  { profile, assumptions }: Pick<Data<'run.started'>, 'profile' | 'assumptions'>
): Data<'run.started'> => ({
  ...{ workflowId: '', workflowName: `Module ${name}`, triggerId: '', pathType: 'non-blocking' },
  ...{ profile, assumptions }
})

function moduleFinished({ success, throwable, cannotTell }: Ended): Data<'run.finished'> {
  const outcome = cannotTell ? 'cannot tell' : throwable ? 'aborted' : success ? 'success' : 'failure'
  return {
    ...{ outcome, success, walk: null, blockingErrors: [] },
    outcomeText: cannotTell?.reason ?? throwable?.message ?? '',
    ...(throwable ? { throwable: { ...throwable, nodeId: 1 } } : {})
  }
}

const startEvent = (runId: string, data: Data<'run.started'>): RunEvent => ({
  ...{ runId, seq: 0, at: 0, nodeId: null, type: 'run.started' },
  data
})

const shifted = (runId: string, event: RunEvent): RunEvent => ({ ...event, runId, seq: event.seq + 1 })

const endEvent = (runId: string, last: RunEvent | undefined, data: Data<'run.finished'>): RunEvent => ({
  ...{ runId, seq: (last?.seq ?? 0) + 1, at: last?.at ?? 0, nodeId: null, type: 'run.finished' },
  data
})

/** The events of one that is over. */
export function asRun(
  runId: string,
  { started, ended, events }: { started: Data<'run.started'>; ended: Ended; events: readonly RunEvent[] }
): readonly RunEvent[] {
  const own = events.map((event) => shifted(runId, event))
  return [startEvent(runId, started), ...own, endEvent(runId, own.at(-1), moduleFinished(ended))]
}

/** One that is still to be executed. */
export function moduleStepper(
  runId: string,
  onEvent: (event: RunEvent) => void,
  begin: (onEvent: (event: RunEvent) => void) => ModuleRun & { readonly started: Data<'run.started'> }
): Stepper {
  let last: RunEvent | undefined
  const emit = (event: RunEvent): void => onEvent((last = event))
  const { stepper, result, started } = begin((event) => emit(shifted(runId, event)))
  let isEnded = false
  const end = (): void => {
    const found = result()
    if (isEnded || found === null) return
    isEnded = true
    emit(endEvent(runId, last, moduleFinished({ ...found, success: found.answer?.['success'] === true })))
  }
  return {
    runId,
    get pause() {
      return stepper.pause
    },
    next(command) {
      if (last === undefined) emit(startEvent(runId, started))
      const pause = stepper.next(command)
      if (pause.state === 'finished') end()
      return pause
    },
    setBreakpoints: (nodeIds) => stepper.setBreakpoints(nodeIds)
  }
}
