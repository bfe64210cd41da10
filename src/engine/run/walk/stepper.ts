// A run as a stepper: it stops before each node when asked to, and when an effect wants an answer that nobody had ready. Run to
// end, step, run to a node, edit the data and go on are the same stepper with other commands.
import type { Json } from '../../../contract/json.ts'
import type { EffectAnswer, RunEvent } from '../../../contract/run.ts'
import { underPhp } from '../../php/version.ts'
import { answerProblem } from '../../effects/answer-error.ts'
import type { Policy } from '../../effects/policy.ts'
import type { Answered, Clock } from '../../effects/ports.ts'
import type { AskSignal, EventSignal, Gen, Reply, Signal, StepSignal } from '../../effects/signals.ts'

export type Command =
  /** Goes on to the end, or to a breakpoint. */
  | { readonly type: 'run' }
  /** Executes the node that the run stands before. */
  | { readonly type: 'step' }
  /** Goes on until the run stands before that node. */
  | { readonly type: 'run to'; readonly nodeId: number }
  /** Replaces the roaming data of the node that the run stands before; the run stays there. */
  | { readonly type: 'set data'; readonly data: Json }
  /** Answers the effect that the run waits for, and goes on as the command before did. */
  | { readonly type: 'answer'; readonly answer: EffectAnswer; readonly by: string }
  /** Ends the run: a user's stop. */
  | { readonly type: 'stop' }

export type Pause =
  | { readonly state: 'before node'; readonly step: StepSignal }
  | { readonly state: 'asking'; readonly ask: AskSignal }
  | { readonly state: 'finished' }

export interface Stepper {
  readonly runId: string
  /** Where the run stands. */
  readonly pause: Pause | null
  /**
   * Carries out a command and answers where the run stands then. Nothing happens after the end. Throws only what is a mistake of
   * Retrace; the run's own failures are events.
   */
  next(command: Command): Pause
  setBreakpoints(nodeIds: ReadonlySet<number>): void
}

export interface StepperParts {
  readonly runId: string
  readonly body: Gen<void>
  /** The PHP that MISP runs on. */
  readonly php: 7 | 8
  readonly policy: Policy
  readonly clock: Clock
  readonly onEvent: (event: RunEvent) => void
  /** Between the parts of a node's work; may throw, which leaves the run where it is. */
  readonly breath?: (() => void) | undefined
  /** Data that replaces the roaming data before a step, by the number of the step from 0. */
  readonly edits?: ReadonlyMap<number, Json>
  /** Hears of data that a person put in. */
  readonly edited?: (step: number, data: Json) => void
  /** Called when the run is stopped by its user, before its generator is closed. */
  readonly stopped: () => void
}

const finished: Pause = { state: 'finished' }

export function createStepper(parts: StepperParts): Stepper {
  const { runId, body, php, policy, clock, onEvent } = parts
  const startedAt = clock.monotonic()
  let seq = 0
  let lastAt = 0
  let pause: Pause | null = null
  let reply: Reply
  let goal: Command = { type: 'run' }
  let breakpoints: ReadonlySet<number> = new Set()
  let steps = -1

  const emit = (signal: EventSignal): void => {
    lastAt = Math.max(lastAt, clock.monotonic() - startedAt)
    const { type, data, nodeId } = signal
    onEvent({ runId: signal.runId ?? runId, seq: seq++, at: lastAt, nodeId, type, data } as RunEvent)
  }
  const answered = (ask: AskSignal, given: Answered): void => {
    if (given.takes !== undefined) clock.skip?.(given.takes)
    emit(effectEvent(ask, given))
    reply = { answer: given.answer }
  }
  const edit = (data: Json): void => {
    reply = { data }
    parts.edited?.(steps, data)
  }
  /** True when the run stops at the signal. */
  const stopsAt = (signal: StepSignal): boolean => {
    if (goal.type === 'step' || goal.type === 'set data') return true
    if (goal.type === 'run to') return goal.nodeId === signal.nodeId
    return breakpoints.has(signal.nodeId)
  }
  const handle = (signal: Signal): Pause | null => {
    reply = undefined
    if (signal.kind === 'event') emit(signal)
    else if (signal.kind === 'breath') parts.breath?.()
    else if (signal.kind === 'step') {
      const data = parts.edits?.get(++steps)
      if (data !== undefined) edit(data)
      const step = data === undefined ? signal : { ...signal, data }
      return stopsAt(signal) ? { state: 'before node', step } : null
    } else {
      const { nodeId, moduleId, effect } = signal
      const ready = policy({ nodeId, moduleId, effect })
      if (!ready) return { state: 'asking', ask: signal }
      answered(signal, ready)
    }
    return null
  }
  const go = (): Pause => {
    for (;;) {
      const given = reply
      const { value, done } = underPhp(php, () => body.next(given))
      if (done === true) return finished
      const here = handle(value)
      if (here) return here
    }
  }
  /** A command that needs a place to stand changes nothing in a run that has not begun. */
  const toFirstNode = (): Pause => {
    goal = { type: 'step' }
    return go()
  }
  const stop = (): Pause => {
    if (pause?.state !== 'finished') {
      body.return()
      parts.stopped()
      emit(stopEvent(runId))
    }
    return finished
  }
  const next = (command: Command): Pause => {
    if (pause?.state === 'finished') return finished
    if (command.type === 'stop') return stop()
    if (command.type === 'set data') {
      if (pause?.state !== 'before node') return pause ?? toFirstNode()
      edit(command.data)
      return { state: 'before node', step: { ...pause.step, data: command.data } }
    }
    if (command.type === 'answer') {
      if (pause?.state !== 'asking') return pause ?? toFirstNode()
      answered(pause.ask, command)
      return go()
    }
    goal = command
    return go()
  }
  return {
    runId,
    get pause() {
      return pause
    },
    next(command) {
      pause = next(command)
      return pause
    },
    setBreakpoints(nodeIds) {
      breakpoints = nodeIds
    }
  }
}

/** An effect with its answer. */
function effectEvent(ask: AskSignal, { answer, by, takes, effect = ask.effect }: Answered): EventSignal {
  const { nodeId, job, runId } = ask
  const error = answerProblem(effect, answer)
  const told = error === null ? {} : { error }
  const waited = takes === undefined ? {} : { takes }
  const data = { nodeId, effect, answer, by, ...told, ...waited, ...(job === undefined ? {} : { job }) }
  return { kind: 'event', type: 'effect', nodeId, data, ...(runId === undefined ? {} : { runId }) }
}

/** The end of a run that its user stopped: nobody can tell how it would have ended. */
function stopEvent(runId: string): EventSignal {
  const data = {
    outcome: 'cannot tell' as const,
    outcomeText: 'The run was stopped.',
    success: false,
    walk: null,
    blockingErrors: []
  }
  return { kind: 'event', runId, nodeId: null, type: 'run.finished', data }
}
