// Drives a run: node by node, so that the thread can answer questions in between, and keeps its events. Pausing, stepping and cancelling
// happen between two nodes.
import { setImmediate as breathe } from 'node:timers/promises'
import type { Json } from '../../../contract/json.ts'
import type { EffectAnswer, RunEvent, RunEventMap } from '../../../contract/run.ts'
import type { RunStep, RunSummary } from '../../../contract/run-views.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { EffectRequest } from '../../../engine/effects/ports.ts'
import type { AskSignal, StepSignal } from '../../../engine/effects/signals.ts'
import type { Command, Pause, Stepper } from '../../../engine/run/walk/stepper.ts'
import type { OpenRun } from './open-run.ts'

const breatheEveryMs = 8
const progressEveryMs = 100

export interface DriverEvents {
  /** Bundled steps of the run and of those that it fired. */
  readonly progress: (runId: string, steps: readonly RunStep[], state: RunSummary['state']) => void
  /** It pauses, or goes on: lists show that, too. */
  readonly changed: (summary: RunSummary) => void
  /** A run that this one fired; its events go there. */
  readonly nested: (runId: string, started: RunEventMap['run.started']) => OpenRun
  /** Performs what the policy leaves open: a live run. */
  readonly perform?: (request: EffectRequest) => Promise<EffectAnswer>
  /** Every event, of the run and of those that it fired. */
  readonly event?: (event: RunEvent) => void
  /** Null, or when more events can be taken. */
  readonly drained?: () => Promise<void> | null
  /** True once somebody wants the run to end, also while a node keeps the thread busy. */
  readonly ended?: () => boolean
}

export class RunDriver {
  #breakpoints: ReadonlySet<number> = new Set()
  #mode: 'run' | 'paused'
  #cancelled = false
  #standing: StepSignal | null = null
  #resume: ((data: Json | undefined) => void) | null = null
  #cancel: () => void = () => undefined
  readonly #runs = new Map<string, OpenRun>()
  readonly #pending = new Map<string, RunStep[]>()
  #sentAt = 0
  readonly #stepper: Stepper

  constructor(
    readonly run: OpenRun,
    begin: (onEvent: (event: RunEvent) => void) => Stepper,
    private readonly events: DriverEvents,
    mode: 'run' | 'paused' = 'run'
  ) {
    this.#mode = mode
    this.#runs.set(run.summary.id, run)
    this.#stepper = begin((event) => this.#keep(event))
  }

  /** All runs that were part of it, the started one first. */
  get runs(): readonly OpenRun[] {
    return [...this.#runs.values()]
  }

  /** Goes on until the engine is done or the run was cancelled. Mistakes of the engine reject. */
  async drive(): Promise<'done' | 'cancelled'> {
    let breathed = performance.now()
    for (let pause = this.#next({ type: 'step' }); pause.state !== 'finished';) {
      if (this.#cancelled) this.#stepper.next({ type: 'stop' })
      if (this.#cancelled) break
      await this.events.drained?.()
      if (performance.now() - breathed > breatheEveryMs) {
        await breathe()
        breathed = performance.now()
      }
      pause = this.#next(pause.state === 'asking' ? await this.#perform(pause.ask) : await this.#before(pause.step))
    }
    this.#sendProgress(true)
    return this.#cancelled ? 'cancelled' : 'done'
  }

  /** A node may work on a hundred thousand things; who cancels does not wait for the last one, but leaves the engine between two of them. */
  #next(command: Command): Pause {
    try {
      return this.#stepper.next(command)
    } catch (error) {
      if (!this.events.ended?.()) throw error
      this.#cancelled = true
      return this.#stepper.next({ type: 'stop' })
    }
  }

  /** One node further, or on to the next breakpoint or the end; `data` replaces the roaming data first. */
  step(command: 'next' | 'continue', breakpoints: readonly number[] | undefined, data: Json | undefined): void {
    if (!this.#resume) throw new CodedError('RUN_NOT_RUNNING', 'The run is not paused.')
    if (breakpoints) this.#breakpoints = new Set(breakpoints)
    this.#mode = command === 'next' ? 'paused' : 'run'
    this.#resume(data)
  }

  /** The node that comes next, with the data before it. Throws RUN_NOT_RUNNING. */
  get standing(): StepSignal {
    if (!this.#standing) throw new CodedError('RUN_NOT_RUNNING', 'The run is not paused.')
    return this.#standing
  }

  cancel(): void {
    this.#cancelled = true
    this.#cancel()
    this.#resume?.(undefined)
  }

  /** An effect is on its way; a cancelled run does not wait for it. */
  async #perform({ nodeId, moduleId, workflowId, isFired, effect }: AskSignal): Promise<Command> {
    const { perform } = this.events
    if (!perform) return unanswered
    const stopped = new Promise<null>((resolve) => (this.#cancel = () => resolve(null)))
    const answer = await Promise.race([perform({ nodeId, moduleId, workflowId, isFired, effect }), stopped])
    this.#cancel = () => undefined
    return answer === null ? { type: 'stop' } : { type: 'answer', answer, by: 'live' }
  }

  /** The next command: at once, or when somebody says so. */
  async #before(step: StepSignal): Promise<Command> {
    if (this.#cancelled) return { type: 'stop' }
    if (this.#mode === 'run' && !this.#breakpoints.has(step.nodeId)) return { type: 'step' }
    this.#standing = step
    this.#setState('paused')
    this.#sendProgress(true)
    const data = await new Promise<Json | undefined>((resolve) => (this.#resume = resolve))
    this.#resume = null
    this.#standing = null
    this.#setState('running')
    if (data !== undefined) this.#stepper.next({ type: 'set data', data })
    return { type: this.#cancelled ? 'stop' : 'step' }
  }

  #setState(state: RunSummary['state']): void {
    this.run.summary = this.run.fold.summary({ ...this.run.summary, state })
    this.events.changed(this.run.summary)
  }

  #keep(event: RunEvent): void {
    let run = this.#runs.get(event.runId)
    if (!run) {
      // Events of a run whose start was never told stay where they can be seen.
      run = event.type === 'run.started' ? this.events.nested(event.runId, event.data) : this.run
      this.#runs.set(event.runId, run)
    }
    run.events.push(event)
    this.events.event?.(event)
    const step = run.fold.apply(event)
    if (!step) return
    this.#pendingOf(event.runId).push(step)
    this.#sendProgress(false)
  }

  #pendingOf(runId: string): RunStep[] {
    let steps = this.#pending.get(runId)
    if (!steps) this.#pending.set(runId, (steps = []))
    return steps
  }

  #sendProgress(now: boolean): void {
    if (!now && performance.now() - this.#sentAt < progressEveryMs) return
    this.#sentAt = performance.now()
    if (now && this.#pending.size === 0) this.events.progress(this.run.summary.id, [], this.run.summary.state)
    for (const [runId, steps] of this.#pending) {
      this.events.progress(runId, steps, this.#runs.get(runId)?.summary.state ?? 'running')
    }
    this.#pending.clear()
  }
}

/** An effect that no policy answered, where nobody performs effects. */
const unanswered: Command = {
  type: 'answer',
  answer: { failure: 'unavailable', message: 'no response for this side effect' },
  by: 'record'
}
