// Runs whose data is in memory: those in progress, and the few that were looked at last. Everything else is read from its file when it
// is asked for.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { StepValue } from '../../../contract/operations.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import { CodedError } from '../../../contract/errors.ts'
import { lostPostCode } from '../../capture/derive/derive.ts'
import type { Outline } from '../../runs/outline.ts'
import { RunFold } from '../../../engine/replay/fold.ts'
import type { StepData } from '../../../engine/replay/fold.ts'
import { secretsOfEffect } from '../effects/show.ts'
import { explainerOf, workflowOrNode } from '../values/explain-node.ts'
import { createPauses, type Pause } from '../../pauses.ts'
import type { Halt } from '../thread/halt.ts'
import { loadRun, type Loader } from '../thread/loaders.ts'
import { keepOutline, knownOutline, outlineOf } from './outlines.ts'
import type { OpenRun } from './open-run.ts'
import type { RunRef } from '../thread/protocol.ts'
import { blankSummary } from '../../../engine/replay/run-facts.ts'

/** Bytes on disk of the runs that are kept open; memory is a small multiple. */
const budget = 256 * 1024 * 1024

export class RunBook {
  /** In the order of use, oldest first. */
  readonly #open = new Map<string, OpenRun>()
  readonly #reading = new Map<string, Reading>()

  /** `problem` hears of what cannot be read where the rest goes on. */
  constructor(
    readonly problem: (message: string, file?: string) => void = () => undefined,
    readonly load: Loader = loadRun
  ) {}

  /** Adds a run that starts now. */
  start(summary: RunSummary, workflow: Json, options: JsonMap, begun: OpenRun['begun'] = summary): OpenRun {
    const run: OpenRun = {
      begun,
      summary,
      workflow,
      rebuilt: false,
      options,
      fold: new RunFold({ explain: explainerOf(workflowOrNode(workflow, options)), secretsOf: secretsOfEffect }),
      events: [],
      surroundings: null
    }
    this.#open.set(summary.id, run)
    return run
  }

  /** Values of something that was not a run (one module executed alone), to be looked at as step 1 under an id. */
  keepValues(id: string, values: Pick<StepData, 'input' | 'output' | 'view' | 'params' | 'errors'>): void {
    const run = this.start({ ...blankSummary(id, new Date().toISOString()), state: 'done' }, null, {})
    run.fold.data.push({ ...values, post: null, effects: [] })
    this.#shrink(id)
  }

  inMemory(id: string): OpenRun | undefined {
    return this.#open.get(id)
  }

  /** Reading goes on as long as somebody waits who has not said halt. */
  async open(ref: RunRef | undefined, id: string, halt?: Halt): Promise<OpenRun> {
    const known = this.#open.get(id)
    if (known && !isStale(known, ref)) {
      this.#open.delete(id)
      this.#open.set(id, known)
      return known
    }
    if (!ref) throw new CodedError('RUN_NOT_FOUND', `There is no run “${id}”.`)
    let reading = this.#reading.get(id)
    if (!reading || reading.isOver) {
      reading = new Reading((pause) => this.#read(ref, pause))
      this.#reading.set(id, reading)
    }
    const own = reading
    const leave = own.waitFor(halt)
    try {
      return await own.run
    } finally {
      leave()
      if (this.#reading.get(id) === own) this.#reading.delete(id)
    }
  }

  /** The run as it is in memory, else from disk; it does not stay in memory. */
  read(ref: RunRef, pause: Pause): Promise<OpenRun> {
    const known = this.#open.get(ref.summary.id)
    return known && !isStale(known, ref) ? Promise.resolve(known) : readRun(ref, pause, this.load)
  }

  /** What is shown of a run without its data: of a long one without reading it. */
  async outline(ref: RunRef | undefined, id: string, halt?: Halt): Promise<Outline> {
    const open = this.#open.get(id)
    const isOpen = open !== undefined && !isStale(open, ref)
    const known = isOpen || !ref ? null : await knownOutline(ref)
    return known ?? outlineOf(await this.open(ref, id, halt))
  }

  /** So that `outline` need not read the run; it does not stay in memory. */
  async prepare(ref: RunRef): Promise<void> {
    if ((await knownOutline(ref)) === null) await keepOutline(ref, await readRun(ref, createPauses(), this.load))
  }

  async #read(ref: RunRef, pause: Pause): Promise<OpenRun> {
    const run = await readRun(ref, pause, this.load)
    const lost = run.fold.notes.find(({ code }) => code === lostPostCode)
    if (lost !== undefined) this.problem(`Run ${ref.summary.id} is shown without some of its posts. ${lost.text}`)
    // After whoever waits for the run has it.
    setTimeout(() => void keepOutline(ref, run), 1000).unref()
    this.#open.set(ref.summary.id, run)
    this.#shrink(ref.summary.id)
    return run
  }

  #shrink(keep: string): void {
    let bytes = 0
    for (const run of this.#open.values()) bytes += run.summary.size
    for (const [id, run] of this.#open) {
      if (bytes <= budget) return
      if (id === keep || run.summary.state === 'running' || run.summary.state === 'paused') continue
      bytes -= run.summary.size
      this.#open.delete(id)
    }
  }
}

/** A run that is being read, for everybody who waits for it. */
class Reading {
  readonly run: Promise<OpenRun>
  #waiting = 0
  isOver = false

  constructor(read: (pause: Pause) => Promise<OpenRun>) {
    this.run = read(
      createPauses(() => {
        if (this.isOver) throw new CodedError('CANCELLED')
      })
    )
  }

  /** Returns what is called once nobody waits any more: a call may open many runs. */
  waitFor(halt: Halt | undefined): () => void {
    this.#waiting++
    const end = (): void => void (this.isOver = --this.#waiting === 0)
    halt?.signal.addEventListener('abort', end, { once: true })
    return () => halt?.signal.removeEventListener('abort', end)
  }
}

async function readRun(ref: RunRef, pause: Pause, load: Loader): Promise<OpenRun> {
  const { events, workflow, options, rebuilt, surroundings, begun } = await load(ref, pause)
  // What a node does depends on its parameters, which a log does not have.
  const explain = ref.summary.origin === 'imported' ? {} : { explain: explainerOf(workflowOrNode(workflow, options)) }
  const fold = new RunFold({ ...explain, secretsOf: secretsOfEffect })
  for (const event of events) {
    fold.apply(event)
    await pause()
  }
  const { summary } = ref
  return {
    ...{ summary, workflow, options, fold, rebuilt: rebuilt ?? false },
    ...{ events: [...events], surroundings: surroundings ?? null, begun: begun ?? summary },
    ...readAs(ref)
  }
}

/** The MISP as whose posts they were read. */
const readAs = ({ profile }: Pick<RunRef, 'profile'>): Pick<OpenRun, 'readAs'> =>
  profile ? { readAs: `${profile.id} ${profile.isChosen}` } : {}

/** A captured run got more posts, or a person moved some, or said which MISP sent them. */
const isStale = ({ summary, readAs: before }: OpenRun, ref: RunRef | undefined): boolean =>
  ref !== undefined &&
  ref.summary.origin !== 'local' &&
  (readAs(ref).readAs !== before ||
    ref.summary.size !== summary.size ||
    ref.summary.steps !== summary.steps ||
    ref.summary.reason !== summary.reason)

/** The value that a step shows under a name; undefined when it has none. Throws STEP_NOT_FOUND. */
export function stepValue({ fold, surroundings }: OpenRun, step: number, which: StepValue): Json | undefined {
  if (step === 0) {
    // Of a module that was run on its own only what it depended on has the data as it was given.
    if (which === 'original' || which === 'input') return fold.original ?? surroundings?.data
    if (which === 'normalized' || which === 'output' || which === 'view') return fold.normalized
    return which === 'post' ? fold.triggerPost : undefined
  }
  const data = fold.data[step - 1]
  if (!data)
    throw new CodedError('STEP_NOT_FOUND', `The run has no step ${step}; it has ${fold.data.length}.`, {
      steps: fold.data.length
    })
  if (which === 'original') return fold.original
  if (which === 'normalized') return fold.normalized
  if (which === 'effects') return data.effects as unknown as Json
  return data[which] ?? undefined
}
