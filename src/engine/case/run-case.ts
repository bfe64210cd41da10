// Runs a case offline, with what it holds and nothing else.
import type { Effect, RunEvent } from '../../contract/run.ts'
import type { EffectFailure } from '../../contract/run.ts'
import type { Clock, Ports } from '../effects/ports.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { RunFold } from '../replay/fold.ts'
import { checkInput } from '../run/input.ts'
import type { RunInput } from '../run/input.ts'
import { createRun } from '../run/start.ts'
import { uuidsOf } from '../run/surroundings/clock.ts'
import type { Stepper } from '../run/walk/stepper.ts'
import { CaseAnswers } from './answers.ts'
import type { Unanswered, Unused } from './answers.ts'
import { caseInput, profileOfCase, secondsOf, seedOfUuids } from './input.ts'
import type { ReadyCase } from './input.ts'

export interface CaseRunning {
  /** Of another version of MISP than the case's. */
  readonly profile?: ProfileId | undefined
  /** Milliseconds from any start: templates are bounded by it. */
  readonly monotonic: Clock['monotonic']
  /** Hides the secrets of a request before it is compared. */
  readonly hide: (effect: Effect) => Effect
  /** Called within nodes that work on many things; may throw to leave the run there. */
  readonly breath?: () => void
}

export interface CaseRun {
  /** Of the run, of its jobs, and of the runs that it fired. */
  readonly events: readonly RunEvent[]
  /** Without the runs that it fired. */
  readonly fold: RunFold
  readonly unanswered: readonly Unanswered[]
  /** Mocks and answers of the case that nothing asked for. */
  readonly unused: readonly Unused[]
}

/** Between two nodes the caller may leave it: nothing is open. */
interface StartedCase {
  readonly stepper: Stepper
  readonly end: () => CaseRun
}

/** What a run of the case is given, and who answers it. */
interface PreparedCase {
  readonly input: RunInput
  readonly ports: Ports
  readonly answers: CaseAnswers
}

/** @throws CodedError for what no run can start from */
export function prepareCase(ready: ReadyCase, running: CaseRunning, runId = 'case'): PreparedCase {
  const { case: given } = ready
  const { hide, monotonic, breath } = running
  const answers = new CaseAnswers(given, hide)
  const input = caseInput(ready, profileOfCase(ready, running.profile), answers.mocks, runId)
  checkInput(input)
  const failures = new Map(given.endpoint ?? [])
  let posts = 0
  const now = secondsOf(given) * 1000
  const ports: Ports = {
    clock: { now: () => now, monotonic },
    uuid: uuidsOf(seedOfUuids(given)),
    answer: (request) => answers.answer(request),
    ...(failures.size > 0
      ? { debugEndpoint: () => failures.get(posts++) as unknown as EffectFailure | undefined }
      : {}),
    ...(breath ? { breath } : {})
  }
  return { input, ports, answers }
}

/** @throws CodedError for what no run can start from */
function startCase(ready: ReadyCase, running: CaseRunning): StartedCase {
  const { input, ports, answers } = prepareCase(ready, running)
  const events: RunEvent[] = []
  const fold = new RunFold()
  const all = ready.case.mode === 'router'
  const stepper = createRun(input, ports, (event) => {
    events.push(event)
    if (all || event.runId === 'case') fold.apply(event)
  })
  return { stepper, end: () => ({ events, fold, unanswered: answers.unanswered, unused: answers.unused() }) }
}

/** To its end, at once. Throws as `startCase` does. */
export function runCase(ready: ReadyCase, running: CaseRunning): CaseRun {
  const { stepper, end } = startCase(ready, running)
  for (let pause = stepper.next({ type: 'run' }); pause.state !== 'finished';) {
    // Every request has an answer; one that a later engine leaves open is one that failed.
    const answer = { failure: 'unavailable', message: 'a case answers every request' } as const
    pause =
      pause.state === 'asking' ? stepper.next({ type: 'answer', answer, by: 'record' }) : stepper.next({ type: 'run' })
  }
  return end()
}
