// One of two runs that are compared: its steps by the walk that they are in, and what of their data the other run has, too.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent, WorldChange } from '../../../contract/run.ts'
import type { RunOrigin } from '../../../contract/run-views.ts'
import { isMap } from '../../php/values.ts'
import type { RunFold } from '../fold.ts'
import { RunIndex } from '../run-index.ts'
import { plainNodes } from './match-nodes.ts'
import type { PlainNode } from './match-nodes.ts'
import type { Clock, OwnValues } from './own-values.ts'

export interface ComparedRun {
  readonly fold: RunFold
  readonly events: readonly RunEvent[]
  readonly origin: RunOrigin
  /** Null where it is not known. */
  readonly workflow: Json
  /** The workflow was made from posts. */
  readonly rebuilt: boolean
  /** Null where nobody knows when it was. */
  readonly clock: Clock | null
  /** UUIDs that it drew; absent where nobody knows them. */
  readonly drawn?: ReadonlySet<string>
  /** MISP's settings that it read; absent where nobody knows them. */
  readonly settings?: JsonMap
}

/** A run and its jobs, and the runs that it fired with theirs, are walks: the steps of one follow each other. */
export interface Walk {
  /** Positions of steps. */
  readonly steps: number[]
  /** Trigger of a run that was fired inside; empty for the run itself. */
  readonly fired: string
  /** The node of the run itself that it came from; null: it is no fired run, or nobody knows. */
  readonly firedBy: number | null
  readonly job: string | null
}

export class Side {
  readonly index: RunIndex
  readonly walks: readonly Walk[]
  /** The walk of each step. */
  readonly walkOf: readonly Walk[]
  readonly data: readonly StepParts[]
  /** Nodes of the workflow by id. */
  readonly graph: ReadonlyMap<number, PlainNode>
  /** Changes of the world by the position of their step, without those that only tell when they were. */
  readonly changes: ReadonlyMap<number, readonly WorldChange[]>
  readonly #previous: (number | null)[] = []
  readonly #tasks: readonly number[]
  readonly #queued: readonly string[]

  constructor(
    readonly run: ComparedRun,
    own: OwnValues,
    /** Of the two runs one was captured: of the other one what its posts would have told is compared. */
    readonly asPosts: boolean
  ) {
    this.index = new RunIndex(run.fold.steps, run.workflow)
    this.graph = plainNodes(this.index.graph)
    this.changes = changesByStep(run, own)
    const walks = new Map<string, Walk>()
    this.walkOf = walksOf(run, walks)
    this.walks = [...walks.values()]
    this.#tasks = run.fold.steps.flatMap(({ moduleId, success }, i) =>
      moduleId === 'concurrent-task' && success ? [i] : []
    )
    this.#queued = run.events.flatMap(({ type, data }) =>
      type === 'job.queued' && data.command === 'walkGraph' ? [data.job] : []
    )
    for (const { steps } of this.walks) for (const [i, at] of steps.entries()) this.#previous[at] = steps[i - 1] ?? null
    this.data = asPosts && run.origin === 'local' ? postParts(this) : ownParts(run)
  }

  /** The node of a step; undefined where nobody knows how it is saved. */
  nodeOf(position: number): PlainNode | undefined {
    const { nodeId } = this.run.fold.steps[position]!
    return this.walkOf[position]?.fired === '' && nodeId !== null ? this.graph.get(nodeId) : undefined
  }

  /** The step of the same walk before it; null for the first one. */
  beforeInWalk(position: number): number | null {
    return this.#previous[position] ?? null
  }

  /** The step whose output a step got; null for what the run started with. */
  before(position: number): number | null {
    const walk = this.walkOf[position]
    const previous = this.beforeInWalk(position)
    if (previous !== null || walk?.fired !== '' || walk.job === null) return previous
    return this.#taskOf(position, walk.job) ?? this.index.beforeInWalk(position)
  }

  /** The concurrent task that queued a job: the one that gave it its data; else each queues one, in their order. */
  #taskOf(position: number, job: string): number | null {
    const { fold } = this.run
    const gave = this.#tasks.find((at) => fold.data[at]?.output === fold.data[position]?.input)
    return gave ?? this.#tasks[this.#queued.indexOf(job)] ?? null
  }
}

function changesByStep({ fold }: ComparedRun, own: OwnValues): ReadonlyMap<number, readonly WorldChange[]> {
  const found = new Map<number, WorldChange[]>()
  for (const { step, change } of fold.changes) {
    const plain = step === null ? null : own.plainChange(change)
    if (step === null || plain === null) continue
    const known = found.get(step - 1)
    if (known) known.push(plain)
    else found.set(step - 1, [plain])
  }
  return found
}

function walksOf({ events, fold }: ComparedRun, walks: Map<string, Walk>): readonly Walk[] {
  const triggers = new Map<string, string>()
  const firedBy = new Map<string, number | null>()
  const all: Walk[] = []
  let first: string | undefined
  for (const event of events) {
    first ??= event.runId
    if (event.type === 'run.started') {
      const { triggerId, parent } = event.data
      triggers.set(event.runId, triggerId)
      if (parent) firedBy.set(event.runId, parent.runId === first ? parent.nodeId : (firedBy.get(parent.runId) ?? null))
    }
    if (event.type !== 'node.finished') continue
    const job = event.data.job ?? null
    const key = `${event.runId} ${job}`
    let walk = walks.get(key)
    if (!walk) {
      const fired = event.runId === first ? '' : `${triggers.get(event.runId) ?? ''}`
      walks.set(key, (walk = { steps: [], fired, firedBy: firedBy.get(event.runId) ?? null, job }))
    }
    walk.steps.push(all.length)
    all.push(walk)
  }
  // A run in progress may have more events than were folded.
  return all.slice(0, fold.steps.length)
}

/** What of a step is compared. */
export interface StepParts {
  readonly input: Json
  readonly output: Json
  readonly params: Json
  readonly errors: Json
  /** Of an exception, a disabled or an unknown module. */
  readonly message: string | null
}

const ownParts = ({ fold }: ComparedRun): readonly StepParts[] =>
  fold.data.map(({ input, output, params, errors }, i) => ({
    ...{ input, output, params, errors },
    message: fold.steps[i]?.message ?? null
  }))

/** Data as the step's post would show it: through the filters that are on; its input is what the post before it showed. */
function postParts(side: Side): readonly StepParts[] {
  const { fold } = side.run
  return fold.data.map(({ view, params, errors, post }, i) => {
    const before = side.before(i)
    const body = isMap(post) && isMap(post['body'] ?? null) ? (post['body'] as JsonMap) : null
    const source = body && isMap(body['source'] ?? null) ? (body['source'] as JsonMap) : null
    return {
      input: (before === null ? fold.normalized : fold.data[before]?.view) ?? null,
      output: view,
      params: source?.['parameters'] ?? params,
      errors: body ? (body['errors'] ?? []) : errors,
      message: isMap(post) ? messageIn(post['query']) : (fold.steps[i]?.message ?? null)
    }
  })
}

/** What a post says of an exception: behind everything else in its query, as MISP writes it. */
function messageIn(query: Json | undefined): string | null {
  const found = /(?:^|&)message=(.*)$/s.exec(typeof query === 'string' ? query : '')?.[1]
  if (found === undefined || found === '') return null
  const text = found.replaceAll('+', ' ')
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
