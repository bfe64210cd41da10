// A captured run as it is kept: which posts, what they say together, how sure that is. Everything here can be made again from the
// posts and the corrections.
import { outcomes, type Outcome } from '../../../contract/run.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import type { GroupedRun } from '../group/grouping.ts'
import { sameStart, type ParentLink } from '../group/parents.ts'
import type { EventLabel, PostSummary } from '../understand/post-parse.ts'

/** What lists say of a run's workflow. */
export interface WorkflowName {
  readonly workflowId: string | null
  readonly workflowName: string | null
}

export const noName: WorkflowName = { workflowId: null, workflowName: null }

export interface CapturedRun {
  readonly id: string
  readonly source: string
  readonly trigger: string
  /** Post numbers with the branch each belongs to (0: the walk). */
  readonly posts: readonly (readonly [seq: number, job: number])[]
  readonly confidence: number
  readonly reason: string
  readonly parent: { readonly runId: string; readonly nodeId: string } | null
  readonly outcome: Outcome
  readonly startedAt: number
  readonly endedAt: number
  readonly steps: number
  readonly errors: number
  readonly bytes: number
  readonly event: EventLabel | null
  /** Module ids, for search. */
  readonly words: string
  /** Keys of the executed nodes (`nodeKeyOf`), each once, one a line: what tells its workflow. */
  readonly nodes: string
  /** True while more posts may come. */
  readonly open: boolean
  /** True when a person put it together. */
  readonly corrected: boolean
}

export const runIdOf = (seq: number): string => `c-${seq}`

const outcomeOf = (end: PostSummary | null): Outcome =>
  end?.result === 'success' || end?.result === 'blocked' || end?.result === 'failure' ? end.result : 'no end'

/** The record of a run from its posts, in order of arrival. */
export function describeRun(
  id: string,
  posts: readonly { readonly post: PostSummary; readonly job: number }[],
  rest: Pick<CapturedRun, 'confidence' | 'reason' | 'parent' | 'open' | 'corrected'>
): CapturedRun {
  const summaries = posts.map(({ post }) => post)
  const first = summaries[0]!
  const end = summaries.find((post) => post.kind === 'end') ?? null
  const execs = summaries.filter((post) => post.kind === 'exec')
  return {
    ...{
      id,
      source: first.source,
      trigger: first.trigger,
      posts: posts.map(({ post, job }) => [post.seq, job] as const)
    },
    ...rest,
    outcome: outcomeOf(end),
    startedAt: first.at,
    endedAt: summaries.at(-1)!.at,
    steps: execs.length,
    errors: execs.filter((post) => post.result !== 'success' && post.result !== 'disabled_module').length,
    bytes: summaries.reduce((sum, post) => sum + post.bytes, 0),
    event: summaries.find((post) => post.label !== null)?.label ?? null,
    words: [...new Set(execs.map((post) => post.moduleId))].join(' '),
    nodes: [...new Set(execs.map((post) => post.key))].slice(0, mostNodes).join('\n')
  }
}

/** Enough to tell workflows apart. */
const mostNodes = 100

export const fromGrouped = (run: GroupedRun, parent: ParentLink | undefined): CapturedRun =>
  describeRun(runIdOf(run.id), run.posts, {
    confidence: run.confidence,
    reason: run.reason,
    parent: parent === undefined ? null : { runId: runIdOf(parent.runId), nodeId: parent.nodeId },
    open: run.open,
    corrected: false
  })

/** As the lists of the app show it. */
export function toRunSummary(run: CapturedRun, name: WorkflowName = noName): RunSummary {
  const { event } = run
  const nodeId = Number(run.parent?.nodeId)
  return {
    ...{ id: run.id, origin: 'captured', source: run.source, trigger: run.trigger },
    state: run.open ? 'running' : 'done',
    outcome: run.open && run.outcome === 'no end' ? null : run.outcome,
    outcomeText: run.outcome,
    ...name,
    event: event === null ? null : { id: event.id || null, uuid: event.uuid || null, info: event.info },
    startedAt: new Date(run.startedAt).toISOString(),
    durationMs: run.endedAt - run.startedAt,
    ...{ steps: run.steps, errors: run.errors, effects: 0, worldChanges: 0, size: run.bytes },
    ...{ name: null, pinned: false, deletedAt: null },
    parent:
      run.parent === null
        ? null
        : {
            runId: run.parent.runId,
            nodeId: run.parent.nodeId === '' || Number.isNaN(nodeId) ? null : nodeId,
            relation: run.parent.nodeId === sameStart ? 'start' : 'nested'
          },
    confidence: run.confidence,
    reason: run.reason,
    words: run.words
  }
}

/** Short form for the index: post numbers as differences, no keys. */
export type RunLine = readonly unknown[]

export function encodeRun(run: CapturedRun): RunLine {
  let last = 0
  const posts = run.posts.flatMap(([seq, job]) => {
    const step = seq - last
    last = seq
    return job === 0 ? [step] : [step, -job]
  })
  const { event, parent } = run
  return [
    ...[run.id, run.source, run.trigger, posts, run.confidence, run.reason],
    parent === null ? 0 : [parent.runId, parent.nodeId],
    ...[run.outcome, run.startedAt, run.endedAt, run.steps, run.errors, run.bytes],
    event === null ? 0 : [event.id, event.uuid, event.info],
    ...[run.words, run.corrected ? 1 : 0, run.nodes]
  ]
}

const pair = (value: unknown): boolean => Array.isArray(value) && value.every((part) => typeof part === 'string')

/** Whether each part has its type: the file may have been written by anybody. */
function isRunLine(line: RunLine): boolean {
  const [id, source, trigger, steps, confidence, reason, parent, outcome, startedAt, endedAt, nodes, errors, bytes] =
    line
  const [event, words, , keys] = line.slice(13)
  return (
    [id, source, trigger, reason, words].every((part) => typeof part === 'string') &&
    [confidence, startedAt, endedAt, nodes, errors, bytes].every(Number.isFinite) &&
    [startedAt, endedAt].every((time) => Math.abs(Number(time)) < 8.64e15) &&
    Array.isArray(steps) &&
    steps.length > 0 &&
    steps.every((step) => Number.isSafeInteger(step)) &&
    Number(steps[0]) > 0 &&
    (outcomes as readonly unknown[]).includes(outcome) &&
    (parent === 0 || (pair(parent) && (parent as unknown[]).length === 2)) &&
    (event === 0 || (pair(event) && (event as unknown[]).length === 3)) &&
    (keys === undefined || typeof keys === 'string')
  )
}

/** Reverse of `encodeRun`; null for a line that is none. */
export function decodeRun(line: RunLine): CapturedRun | null {
  const [
    id,
    source,
    trigger,
    steps,
    confidence,
    reason,
    parent,
    outcome,
    startedAt,
    endedAt,
    nodes,
    errors,
    bytes,
    event,
    words,
    corrected,
    keys
  ] = line
  if (!isRunLine(line) || !Array.isArray(steps)) return null
  const posts: [number, number][] = []
  let seq = 0
  for (const step of steps as number[]) {
    // A difference is positive, so a negative number can only be the branch of the post before it.
    if (step < 0 && posts.length > 0 && posts.at(-1)![1] === 0) posts.at(-1)![1] = -step
    else posts.push([(seq += step), 0])
  }
  const label = event as [string, string, string] | 0
  const link = parent as [string, string] | 0
  return {
    ...{ id: id as string, source: source as string, trigger: trigger as string, posts },
    ...{ confidence: confidence as number, reason: reason as string, outcome: outcome as Outcome },
    parent: link === 0 ? null : { runId: link[0], nodeId: link[1] },
    ...{ startedAt: startedAt as number, endedAt: endedAt as number, steps: nodes as number },
    ...{ errors: errors as number, bytes: bytes as number, words: words as string, corrected: corrected === 1 },
    nodes: typeof keys === 'string' ? keys : '',
    event: label === 0 ? null : { id: label[0], uuid: label[1], info: label[2] },
    open: false
  }
}
