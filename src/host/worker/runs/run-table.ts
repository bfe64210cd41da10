// Runs in progress: starts them, keeps them when they are done, and tells the host.
import { stat } from 'node:fs/promises'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent, RunEventMap } from '../../../contract/run.ts'
import type { Surroundings } from '../../../contract/surroundings.ts'
import type { RunParent, RunSummary } from '../../../contract/run-views.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { Stepper } from '../../../engine/run/walk/stepper.ts'
import { writeRunFile } from '../../runs/run-file.ts'
import { RunDriver } from './driver.ts'
import { FollowBook, type Follower } from './follow.ts'
import type { DriverEvents } from './driver.ts'
import type { Halt } from '../thread/halt.ts'
import { untimelyEnd } from './lost-runs.ts'
import { keepOutline } from './outlines.ts'
import type { HostOfWorker, Refs } from '../thread/protocol.ts'
import type { OpenRun } from './open-run.ts'
import type { RunBook } from './run-book.ts'
import { blankSummary, eventOf } from '../../../engine/replay/run-facts.ts'

type NewRun = NonNullable<Refs['newRun']>

export interface StartRequest {
  readonly newRun: NewRun
  readonly workflow: Json
  readonly trigger: string
  readonly workflowName: string | null
  readonly input: JsonMap
  readonly options: JsonMap
  readonly parent: RunParent | null
  readonly name: string | null
  readonly mode: 'run' | 'paused'
  /** Starts the engine; called once the run is on the list. */
  readonly begin: (onEvent: (event: RunEvent) => void) => Stepper
  /** Performs what the policy leaves open. */
  readonly perform?: DriverEvents['perform']
  readonly halt?: Halt
  /** The begin of the run that it repeats exactly: its file is to be equal. On the list it says what it repeats. */
  readonly begun?: OpenRun['begun']
  /** What it depends on, as far as that is known by now. */
  readonly surroundings?: () => Surroundings | null
  /** Its events are kept until somebody has read them. */
  readonly follow?: boolean
}

export class RunTable {
  readonly #drivers = new Map<string, RunDriver>()
  readonly #cancelled = new Set<string>()
  readonly #ending = new Set<Promise<void>>()
  readonly followed = new FollowBook()
  #abandoned = false

  constructor(
    private readonly book: RunBook,
    private readonly host: HostOfWorker
  ) {}

  /** Answers at once; the run goes on by itself. */
  start(request: StartRequest): { readonly runId: string; readonly done: Promise<OpenRun> } {
    const { id, startedAt } = request.newRun
    const summary = {
      ...blankSummary(id, startedAt),
      trigger: request.trigger,
      workflowName: request.workflowName,
      parent: request.parent,
      name: request.name,
      event: eventOf(request.input)
    }
    const run = this.book.start(summary, request.workflow, request.options, request.begun)
    this.host.runChanged(summary, false)
    const followed = request.follow ? this.followed.start(id) : null
    const done = this.#drive(run, request, followed)
    const ending = done.then(
      () => undefined,
      (error: unknown) => this.#tellMistake(error)
    )
    this.#ending.add(ending)
    this.host.working(this.#ending.size)
    void ending.then(() => {
      this.#ending.delete(ending)
      followed?.end()
      this.host.runOver?.(id)
      this.host.working(this.#ending.size)
    })
    return { runId: id, done }
  }

  /** One module executed alone, kept as a run of one step. */
  async keepModule(
    newRun: NewRun,
    events: readonly RunEvent[],
    options: JsonMap,
    surroundings: Surroundings | null
  ): Promise<void> {
    const run = this.book.start(blankSummary(newRun.id, newRun.startedAt), null, options)
    for (const event of events) {
      run.events.push(event)
      run.fold.apply(event)
    }
    run.surroundings = surroundings
    await this.#keep(run, newRun, 'done')
  }

  driver(runId: string): RunDriver {
    const driver = this.#drivers.get(runId)
    if (!driver) throw new CodedError('RUN_NOT_RUNNING', 'The run is not in progress.')
    return driver
  }

  wasCancelled(runId: string): boolean {
    return this.#cancelled.has(runId)
  }

  /** Cancels what runs and waits until it is on disk. */
  async stop(): Promise<void> {
    for (const driver of this.#drivers.values()) driver.cancel()
    await Promise.all(this.#ending)
  }

  /** The thread cannot go on: what runs ends here, is kept as far as it went, and says so. */
  async abandon(): Promise<void> {
    this.#abandoned = true
    await this.stop()
  }

  #tellMistake(error: unknown): void {
    this.host.mistake('run', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  async #drive(run: OpenRun, request: StartRequest, followed: Follower | null): Promise<OpenRun> {
    let driver: RunDriver | null = null
    let state: RunSummary['state'] = 'cancelled'
    try {
      driver = this.#driverOf(run, request, followed)
      this.#drivers.set(run.summary.id, driver)
      state = await driver.drive()
      if (state === 'cancelled' && !this.#abandoned) this.#cancelled.add(run.summary.id)
    } catch (error) {
      for (const part of driver?.runs ?? [run])
        endUntimely(part, 'INTERNAL', 'Internal error in Retrace; the run ends here.')
      this.#tellMistake(error)
    } finally {
      this.#drivers.delete(run.summary.id)
    }
    for (const part of driver?.runs ?? [run]) {
      // A run that it fired may have come to its end before.
      if (this.#abandoned && state === 'cancelled' && (part === run || part.fold.finished === null))
        endUntimely(part, 'WORKER_STOPPED', abandonedText)
      if (part === run) run.surroundings = request.surroundings?.() ?? null
      await this.#keep(part, request.newRun, state)
    }
    return run
  }

  #driverOf(run: OpenRun, request: StartRequest, followed: Follower | null): RunDriver {
    return new RunDriver(
      run,
      request.begin,
      {
        progress: (runId, steps, state) => this.host.runProgress(runId, steps, state),
        changed: (summary) => this.host.runChanged(summary, false),
        nested: (runId, started) => this.#nested(run, runId, started),
        ended: () => request.halt?.asked ?? false,
        event: (event) => {
          followed?.take(event)
          this.host.runEvent?.(event)
        },
        ...(this.host.drained ? { drained: () => this.host.drained?.() ?? null } : {}),
        ...(request.perform ? { perform: request.perform } : {})
      },
      request.mode
    )
  }

  #nested(parent: OpenRun, runId: string, started: RunEventMap['run.started']): OpenRun {
    const at = Date.parse(parent.summary.startedAt) + (parent.events.at(-1)?.at ?? 0)
    const summary: RunSummary = {
      ...blankSummary(runId, new Date(at).toISOString()),
      trigger: started.triggerId,
      parent: {
        runId: started.parent?.runId ?? parent.summary.id,
        nodeId: started.parent?.nodeId ?? null,
        relation: 'nested'
      }
    }
    this.host.runChanged(summary, false)
    return this.book.start(summary, null, parent.options)
  }

  async #keep(run: OpenRun, newRun: NewRun, state: RunSummary['state']): Promise<void> {
    run.summary = run.fold.summary({ ...run.summary, state })
    const { file } = newRun
    if (file === null) return this.host.runChanged(run.summary, false)
    // Fired runs are kept beside the one that was started.
    const own = file.replace(newRun.id, run.summary.id)
    // It is over for whoever looks at it; writing 100 MB takes some seconds more.
    this.host.runChanged(run.summary, false)
    try {
      await writeRunFile(own, {
        summary: { ...run.summary, name: run.begun.name, parent: run.begun.parent },
        workflow: run.workflow,
        options: run.options,
        events: run.events,
        surroundings: run.surroundings
      })
      const { size } = await stat(own)
      // Before anybody hears that the run is kept: it opens at once from then on.
      await keepOutline({ summary: { ...run.summary, size }, file: own, folder: '', keep: true }, run)
      this.host.runChanged(run.summary, true)
    } catch (error) {
      run.fold.notes.push({
        nodeId: null,
        code: 'STORE_WRITE_FAILED',
        text: error instanceof Error ? error.message : String(error)
      })
      this.host.runChanged(run.summary, false)
    }
  }
}

const abandonedText = 'The engine worker stopped here, after a mistake of Retrace; what came before is kept.'

/** The run does not go on. Nobody can tell how it would have ended in MISP. */
function endUntimely(run: OpenRun, code: 'INTERNAL' | 'WORKER_STOPPED', text: string): void {
  const last = run.events.at(-1)
  const head = { runId: run.summary.id, at: last?.at ?? 0, nodeId: null }
  untimelyEnd(code, text).forEach((end, i) => {
    const event = { ...head, ...end, seq: (last?.seq ?? 0) + 1 + i } as RunEvent
    run.events.push(event)
    run.fold.apply(event)
  })
}
