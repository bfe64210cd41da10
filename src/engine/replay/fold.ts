// The state of a run as the fold of its events: live view, replay and import use the same code. States are immutable, so
// any earlier one can be kept; folding a whole list copies each list only once.
import type { Json, JsonMap } from '../../contract/json.ts'
import type {
  DebugPost,
  EffectAnswer,
  Effect,
  NodeRef,
  NodeResult,
  Outcome,
  RunEvent,
  RunEventMap,
  WalkResult,
  WorldChange
} from '../../contract/run.ts'

interface StepEffect {
  readonly effect: Effect
  readonly answer: EffectAnswer
  readonly by: string
}

/** One execution of a node. A node behind a diamond, or in a branch, has several. */
export interface Step extends NodeRef {
  /** Position among all steps of the fold, from 0. */
  readonly index: number
  readonly runId: string
  readonly job?: string
  readonly path: readonly string[]
  readonly state: 'running' | 'finished' | 'aborted'
  readonly result?: NodeResult
  readonly success?: boolean
  readonly branch?: 'output_1' | 'output_2' | 'none'
  readonly message?: string
  readonly errors: Json
  readonly before?: Json
  readonly after?: Json
  readonly view?: Json
  readonly params: JsonMap
  readonly ms?: number
  readonly effects: readonly StepEffect[]
  readonly changes: readonly WorldChange[]
  readonly fired: readonly RunEventMap['trigger.fired'][]
  readonly notes: readonly RunEventMap['note'][]
  readonly post?: DebugPost
  /** First and last event. */
  readonly seq: readonly [first: number, last: number]
}

interface RunView {
  readonly runId: string
  readonly started: RunEventMap['run.started'] | null
  readonly original?: Json
  readonly normalized?: Json
  readonly outcome: Outcome | null
  readonly outcomeText: string
  readonly walk: WalkResult | null
  readonly blockingErrors: readonly string[]
  readonly throwable?: RunEventMap['run.finished']['throwable']
}

interface JobView {
  readonly job: string
  readonly queued: RunEventMap['job.queued']
  readonly state: 'queued' | 'running' | 'finished'
  readonly finished?: RunEventMap['job.finished']
}

export interface ReplayState {
  /** Runs by id, the started one first; then those that it fired. */
  readonly runs: readonly RunView[]
  readonly jobs: readonly JobView[]
  readonly steps: readonly Step[]
  readonly posts: readonly DebugPost[]
  readonly log: readonly string[]
  readonly changes: readonly WorldChange[]
  readonly notes: readonly RunEventMap['note'][]
  readonly blockedPaths: readonly (readonly string[])[]
  /** Milliseconds since the start, of the last event. */
  readonly at: number
}

export const emptyReplay: ReplayState = {
  ...{ runs: [], jobs: [], steps: [], posts: [], log: [], changes: [], notes: [], blockedPaths: [] },
  at: 0
}

/** The state after one more event. */
export const applyRunEvent = (state: ReplayState, event: RunEvent): ReplayState => foldRunEvents([event], state)

type Lists = 'runs' | 'jobs' | 'steps' | 'posts' | 'log' | 'changes' | 'notes' | 'blockedPaths'
type Draft = { -readonly [K in Lists]: ReplayState[K][number][] } & { at: number; readonly places: Places }

/** Where the last step of each node is, each run and each job: a search for each event would be a walk over all steps for each. */
interface Places {
  readonly steps: Map<string, number>
  readonly runs: Map<string, number>
  readonly jobs: Map<string, number>
  /** Lists of steps that this fold made itself and so may add to. */
  readonly own: Set<readonly unknown[]>
}

const stepKey = (runId: string, nodeId: NodeRef['nodeId'] | null, job: string | undefined): string =>
  JSON.stringify([runId, nodeId, job])

function placesIn({ steps, runs, jobs }: ReplayState): Places {
  const places: Places = { steps: new Map(), runs: new Map(), jobs: new Map(), own: new Set() }
  for (const [i, { runId, nodeId, job }] of steps.entries()) places.steps.set(stepKey(runId, nodeId, job), i)
  for (const [i, { runId }] of runs.entries()) places.runs.set(runId, i)
  for (const [i, { job }] of jobs.entries()) if (!places.jobs.has(job)) places.jobs.set(job, i)
  return places
}

/** The state after a list of events, from the beginning or from an earlier state. */
export function foldRunEvents(events: Iterable<RunEvent>, from: ReplayState = emptyReplay): ReplayState {
  const draft: Draft = {
    runs: [...from.runs],
    jobs: [...from.jobs],
    steps: [...from.steps],
    posts: [...from.posts],
    log: [...from.log],
    changes: [...from.changes],
    notes: [...from.notes],
    blockedPaths: [...from.blockedPaths],
    at: from.at,
    places: placesIn(from)
  }
  for (const event of events) take(draft, event)
  const { places: _places, ...state } = draft
  return state
}

function take(draft: Draft, event: RunEvent): void {
  draft.at = Math.max(draft.at, event.at)
  switch (event.type) {
    case 'run.started':
      draft.places.runs.set(event.runId, draft.runs.length)
      draft.runs.push({ ...blankRun, runId: event.runId, started: event.data })
      return
    case 'run.normalized':
      updateRun(draft, event.runId, { original: event.data.original, normalized: event.data.normalized })
      return
    case 'run.finished':
      finishRun(draft, event.runId, event.data)
      return
    case 'node.started':
      draft.places.steps.set(stepKey(event.runId, event.data.nodeId, event.data.job), draft.steps.length)
      draft.steps.push(startedStep(draft.steps.length, event.runId, event.seq, event.data))
      return
    case 'node.finished':
      updateStep(draft, event, { ...event.data, state: 'finished' })
      return
    case 'effect':
      updateStep(draft, event, ({ effects }) => ({ effects: added(draft, effects, event.data) }))
      return
    case 'trigger.fired':
      updateStep(draft, event, ({ fired }) => ({ fired: added(draft, fired, event.data) }))
      return
    default:
      takeRest(draft, event)
  }
}

type RestEvent = Exclude<
  RunEvent,
  {
    type:
      'run.started' | 'run.normalized' | 'run.finished' | 'node.started' | 'node.finished' | 'effect' | 'trigger.fired'
  }
>

function takeRest(draft: Draft, event: RestEvent): void {
  switch (event.type) {
    case 'world.changed':
      draft.changes.push(event.data.change)
      updateStep(draft, event, ({ changes }) => ({ changes: added(draft, changes, event.data.change) }))
      return
    case 'note':
      draft.notes.push(event.data)
      updateStep(draft, event, ({ notes }) => ({ notes: added(draft, notes, event.data) }))
      return
    case 'post':
      draft.posts.push(event.data.post)
      updateStep(draft, event, { post: event.data.post })
      return
    case 'log':
      draft.log.push(event.data.line)
      return
    case 'path.blocked':
      draft.blockedPaths.push(event.data.path)
      return
    case 'job.queued':
      if (!draft.places.jobs.has(event.data.job)) draft.places.jobs.set(event.data.job, draft.jobs.length)
      draft.jobs.push({ job: event.data.job, queued: event.data, state: 'queued' })
      return
    case 'job.started':
      updateJob(draft, event.data.job, { state: 'running' })
      return
    case 'job.finished':
      updateJob(draft, event.data.job, { state: 'finished', finished: event.data })
      if (event.data.throwable) abortOpenStep(draft, (step) => step.job === event.data.job)
      return
    default:
      event satisfies never
  }
}

const blankRun = { started: null, outcome: null, outcomeText: '', walk: null, blockingErrors: [] }

const startedStep = (index: number, runId: string, seq: number, data: RunEventMap['node.started']): Step => ({
  ...data,
  ...{ index, runId, state: 'running', errors: [], params: {}, seq: [seq, seq] },
  ...{ effects: [], changes: [], fired: [], notes: [] }
})

/** The list with one more item: a copy the first time, since earlier states keep theirs. */
function added<T>({ places }: Draft, list: readonly T[], item: T): readonly T[] {
  const own = places.own.has(list) ? (list as T[]) : [...list]
  places.own.add(own)
  own.push(item)
  return own
}

/** The step that an event belongs to: the last one of its node in its run and job. */
function updateStep(draft: Draft, event: RunEvent, change: Partial<Step> | ((step: Step) => Partial<Step>)): void {
  const { job } = event.data as { readonly job?: string }
  const at = event.nodeId === null ? undefined : draft.places.steps.get(stepKey(event.runId, event.nodeId, job))
  const step = at === undefined ? undefined : draft.steps[at]
  if (at === undefined || step === undefined) return
  const changed = typeof change === 'function' ? change(step) : change
  draft.steps[at] = { ...step, ...changed, seq: [step.seq[0], event.seq] }
}

function updateRun(draft: Draft, runId: string, change: Partial<RunView>): void {
  const at = draft.places.runs.get(runId) ?? -1
  const run = draft.runs[at]
  if (run) draft.runs[at] = { ...run, ...change }
}

function finishRun(draft: Draft, runId: string, data: RunEventMap['run.finished']): void {
  const { outcome, outcomeText, walk, blockingErrors, throwable } = data
  updateRun(draft, runId, { outcome, outcomeText, walk, blockingErrors, ...(throwable ? { throwable } : {}) })
  if (outcome === 'aborted' || outcome === 'cannot tell') abortOpenStep(draft, (step) => step.runId === runId)
}

/** A node that was running when its run ended did not finish. */
function abortOpenStep(draft: Draft, belongs: (step: Step) => boolean): void {
  const at = draft.steps.findLastIndex((step) => step.state === 'running' && belongs(step))
  const step = draft.steps[at]
  if (step) draft.steps[at] = { ...step, state: 'aborted' }
}

function updateJob(draft: Draft, job: string, change: Partial<JobView>): void {
  const at = draft.places.jobs.get(job) ?? -1
  const known = draft.jobs[at]
  if (known) draft.jobs[at] = { ...known, ...change }
}
