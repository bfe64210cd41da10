// A captured run as run events, the same that an executed run gives, so that every view folds both alike. What MISP never says is
// worked out here and named in `derived`: the input of a node, the branch of a logic node, times between posts.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type {
  DebugPost,
  NodeResult,
  Outcome,
  RunEvent,
  RunEventMap,
  RunEventType,
  WalkResult
} from '../../../contract/run.ts'
import type { ModuleType } from '../../../contract/workflow.ts'
import { nodeResults } from '../../../contract/run.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { defaultProfile } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { anyModule } from '../understand/module-facts.ts'
import { normaliseValue } from '../../../engine/php/decode.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { workflowGraph, workflowRow } from '../../../engine/graph/document.ts'
import { computeBranch, type Branch } from '../understand/branch.ts'
import { isLogic } from '../understand/module-facts.ts'
import { roamingOf, type ParsedPost } from '../understand/post-parse.ts'
import { isUnknownMap, plainText } from '../../../contract/json.ts'

export interface DerivedPost {
  readonly seq: number
  readonly at: number
  /** 0: the walk; else the concurrent branch. */
  readonly job: number
  readonly target: string
  readonly post: ParsedPost
}

/** A post of the run that cannot be read. */
export interface LostPost {
  readonly seq: number
  readonly job: number
  readonly why: string
}

/** The code of the notes that name such posts. */
export const lostPostCode = 'POST_UNREADABLE'
const mostNamed = 20

export interface DeriveOptions {
  readonly runId: string
  /** The workflow, when it is known: names of nodes. */
  readonly workflow?: Json
  /** What its end post said, for a run that has lost it. */
  readonly outcome?: Outcome | null
  readonly limits?: Partial<Limits>
  /** Which MISP posted, and what is to be said of that. */
  readonly profile?: ProfileId
  readonly said?: readonly string[]
  readonly parent?: { readonly runId: string; readonly nodeId: number }
}

/** `next` with every part that equals the same part of `before` replaced by it, so that snapshots share what did not change. */
function shareWith(before: Json, next: Json): Json {
  if (before === next || typeof before !== 'object' || typeof next !== 'object' || before === null || next === null)
    return next
  if (Array.isArray(before) !== Array.isArray(next)) return next
  const oldKeys = Object.keys(before)
  const keys = Object.keys(next)
  let same = oldKeys.length === keys.length
  const shared = new Map<string, Json>()
  for (const [i, key] of keys.entries()) {
    const value = (next as JsonMap)[key] as Json
    const old = Object.hasOwn(before, key) ? ((before as JsonMap)[key] as Json) : undefined
    const kept = old === undefined ? value : shareWith(old, value)
    if (kept !== value) shared.set(key, kept)
    if (kept !== old || oldKeys[i] !== key) same = false
  }
  if (same) return before
  if (shared.size === 0) return next
  if (Array.isArray(next)) return next.map((value, i) => shared.get(String(i)) ?? (value as Json))
  return Object.fromEntries(Object.entries(next).map(([key, value]) => [key, shared.get(key) ?? (value as Json)]))
}

const walkResult = (data: unknown): WalkResult | null =>
  isUnknownMap(data) && Array.isArray(data['executed_nodes']) ? (data as unknown as WalkResult) : null

class Deriver {
  private readonly events: RunEvent[] = []
  private readonly data = new Map<number, Json>()
  private readonly times = new Map<number, number>()
  private readonly origins: { readonly data: Json; readonly at: number }[] = []
  /** Branches that have begun, and those of which a post before the first one that is there is lost. */
  private readonly begun = new Set<number>()
  private readonly gaps = new Set<number>()
  private readonly names: ReadonlyMap<string, string>
  /** What the workflow says of modules that Retrace does not know. */
  private readonly types: ReadonlyMap<string, ModuleType>
  private start = 0

  constructor(private readonly options: DeriveOptions) {
    const nodes = nodesOf(options.workflow)
    this.names = new Map(nodes.flatMap(([id, { name }]) => (typeof name === 'string' ? [[id, name] as const] : [])))
    this.types = new Map(nodes.flatMap(([id, node]) => typesOf(id, node['data'])))
  }

  /** Stops after each post, so that others get the thread between the posts of a long run. */
  *run(items: readonly (DerivedPost | LostPost)[]): Generator<undefined, readonly RunEvent[]> {
    const posts = items.filter((item) => 'post' in item)
    const lost = items.filter((item) => 'why' in item)
    const first = posts[0]
    if (first === undefined) {
      this.noteLost(lost)
      return this.events
    }
    this.start = first.at
    const end = posts.find(({ post }) => post.kind === 'end')
    this.emit(first.at, 'run.started', null, {
      ...{
        workflowId: '',
        workflowName: workflowName(this.options.workflow),
        triggerId: first.post.trigger,
        profile: this.options.profile ?? defaultProfile
      },
      pathType: first.post.result === 'non-blocking' ? 'non-blocking' : 'blocking',
      assumptions: this.options.said ?? [],
      ...(this.options.parent === undefined ? {} : { parent: this.options.parent })
    })
    this.noteLost(lost)
    for (const item of items) {
      if ('post' in item) this.take(item)
      // What the node after it was given is in the lost post: it is not known.
      else this.lose(item)
      yield
    }
    const known = lost.length > 0 ? (this.options.outcome ?? 'cannot tell') : 'no end'
    const outcome = end === undefined ? known : outcomeOf(end.post)
    const without = known === 'no end' ? 'MISP did not report an end' : 'the post of the end is not known'
    this.emit(posts.at(-1)!.at, 'run.finished', null, {
      ...{
        outcome,
        outcomeText:
          end === undefined ? without : end.post.result || 'worked out: the path of the end’s post is not known',
        success: outcome === 'success'
      },
      ...{ walk: end === undefined ? null : walkResult(end.post.data), blockingErrors: [] }
    })
    return this.events
  }

  private noteLost(lost: readonly LostPost[]): void {
    const said = lost.slice(0, mostNamed).map(({ seq, why }) => `Post ${seq} is missing here. ${why}`)
    if (lost.length > mostNamed) said.push(`${lost.length - mostNamed} more posts are missing here.`)
    for (const text of said) this.emit(this.start, 'note', null, { nodeId: null, code: lostPostCode, text })
  }

  private emit<T extends RunEventType>(at: number, type: T, nodeId: number | null, data: RunEventMap[T]): void {
    const { runId } = this.options
    this.events.push({
      runId,
      seq: this.events.length + 1,
      at: Math.max(0, at - this.start),
      nodeId,
      type,
      data
    } as RunEvent)
  }

  private take(item: DerivedPost): void {
    const { post } = item
    if (post.kind === 'init') this.takeInit(item)
    else if (post.kind === 'exec') this.takeExec(item)
    this.emit(item.at, 'post', idOf(post), { post: debugPost(item), ...jobOf(item) })
    if (post.kind !== 'debug') this.times.set(item.job, item.at)
  }

  private takeInit({ post, job }: DerivedPost): void {
    const data = isUnknownMap(post.data) ? post.data : {}
    const original = normaliseValue((data['original'] ?? null) as Json)
    const normalized = shareWith(original, normaliseValue(roamingOf(post) as Json))
    this.data.set(job, normalized)
    this.emit(this.start, 'run.normalized', null, { original, normalized })
  }

  private takeExec(item: DerivedPost): void {
    const { post, at, job } = item
    const derived = ['duration']
    if (job > 0 && !this.begun.has(job)) this.beginJob(item)
    const before = this.data.get(job)
    const after =
      before === undefined ? normaliseValue(post.data as Json) : shareWith(before, normaliseValue(post.data as Json))
    if (before !== undefined) derived.push('input', 'changes')
    const definition = modulesOf(this.options.profile ?? defaultProfile).byId(post.moduleId) ?? anyModule(post.moduleId)
    const type =
      definition?.module_type ?? (isLogic(post.moduleId) ? 'logic' : (this.types.get(post.nodeId) ?? 'action'))
    const branch = type === 'logic' && post.moduleId !== 'concurrent-task' ? this.branchOf(post) : null
    if (branch !== null) derived.push('branch')
    const name = this.names.get(post.nodeId) ?? definition?.name
    const ref = {
      nodeId: Number(post.nodeId),
      moduleId: post.moduleId,
      moduleType: type,
      ...(name === undefined ? {} : { name })
    }
    const previous = this.times.get(job) ?? this.start
    this.emit(previous, 'node.started', ref.nodeId, { ...ref, path: [], ...jobOf(item) })
    const result = resultOf(post)
    if (post.result === '') derived.push('result')
    const params = post.parameters
    this.emit(at, 'node.finished', ref.nodeId, {
      ...ref,
      result,
      success: type === 'logic' ? branch !== 'output_2' && result === 'success' : result === 'success',
      ...(branch !== null ? { branch } : post.moduleId === 'concurrent-task' ? { branch: 'none' as const } : {}),
      errors: (post.errors ?? []) as Json,
      ...(post.message === '' ? {} : { message: post.message }),
      ...{ before: before ?? null, after, view: after, params: (isUnknownMap(params) ? params : {}) as JsonMap },
      ...jobOf(item),
      ...{ ms: at - previous, derived }
    })
    this.data.set(job, after)
    if (post.moduleId === 'concurrent-task' && result === 'success') this.queueJob(item, after)
  }

  /** A logic module that MISP does not have is false (GraphWalker::_evaluateCustomLogicCondition). */
  private branchOf(post: ParsedPost): Branch | null {
    const isKnown = isLogic(post.moduleId) || resultOf(post) === 'success'
    return isKnown ? computeBranch(post, this.options.limits, this.options.profile) : 'output_2'
  }

  private lose({ job }: LostPost): void {
    this.data.delete(job)
    this.gaps.add(job)
  }

  private queueJob({ post, at }: DerivedPost, data: Json): void {
    this.origins.push({ data, at })
    this.emit(at, 'job.queued', Number(post.nodeId), {
      ...{ job: `job-${this.origins.length}`, command: 'walkGraph', workflowId: '', data, pathType: 'non-blocking' },
      by: Number(post.nodeId)
    })
  }

  /** A branch goes on with the data of a concurrent task's post. */
  private beginJob(item: DerivedPost): void {
    this.begun.add(item.job)
    const origin = this.origins[item.job - 1] ?? this.origins.at(-1)
    // A lost post of the walk may have begun this branch or the one before it.
    const isSure = !this.gaps.has(item.job) && !this.gaps.has(0)
    if (origin !== undefined && isSure) this.data.set(item.job, origin.data)
    this.times.set(item.job, item.at)
    this.emit(item.at, 'job.started', null, { job: `job-${item.job}` })
  }
}

/** The path says it. Of a body that came without one: what its errors tell. */
function resultOf({ result, errors }: ParsedPost): NodeResult {
  if (result === '') return isEmptyList(errors) ? 'success' : 'error'
  return (nodeResults as readonly string[]).includes(result) ? (result as NodeResult) : 'error'
}

const isEmptyList = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)

function outcomeOf({ result, data }: ParsedPost): Outcome {
  if (result !== '') return outcomes[result] ?? 'failure'
  return isUnknownMap(data) && !isEmptyList(data['blocking_nodes']) ? 'blocked' : 'success'
}

const outcomes: Record<string, Outcome> = { success: 'success', blocked: 'blocked', failure: 'failure' }
const idOf = (post: ParsedPost): number | null => (post.nodeId === '' ? null : Number(post.nodeId))
const jobOf = ({ job }: DerivedPost): { readonly job?: string } => (job === 0 ? {} : { job: `job-${job}` })

function debugPost({ target, post }: DerivedPost): DebugPost {
  const mark = target.indexOf('?')
  const source = {
    node_id: post.nodeId,
    module_id: post.moduleId,
    filters: post.filters,
    parameters: post.parameters
  }
  return {
    method: 'POST',
    path: post.path,
    query: mark < 0 ? '' : target.slice(mark + 1),
    body: {
      source,
      timestamp: post.timestamp,
      data: post.data,
      ...(post.initiator === null ? {} : { initiator_user_id: post.initiator }),
      ...(post.errors === null ? {} : { errors: post.errors })
    } as unknown as JsonMap
  }
}

function nodesOf(workflow: Json | undefined): [string, JsonMap][] {
  const graph = workflowGraph(workflow)
  // Posts name a node's id; in a list its key is another.
  return Object.entries(graph).flatMap(([key, node]: [string, Json]): [string, JsonMap][] =>
    isUnknownMap(node) ? [[Array.isArray(graph) ? plainText(node['id']) : key, node as JsonMap]] : []
  )
}

function typesOf(id: string, data: Json | undefined): [string, ModuleType][] {
  const type = isUnknownMap(data) ? data['module_type'] : null
  return type === 'logic' || type === 'action' ? [[id, type]] : []
}

const workflowName = (workflow: Json | undefined): string => {
  const name = workflowRow(workflow)?.['name']
  return typeof name === 'string' ? name : ''
}

/** The events of a captured run, post by post. `posts` in order of arrival; what is lost stands in its place. */
export const derivation = (
  posts: readonly (DerivedPost | LostPost)[],
  options: DeriveOptions
): Generator<undefined, readonly RunEvent[]> => new Deriver(options).run(posts)

/** The events of a captured run, at once. `posts` in order of arrival. */
export function deriveEvents(posts: readonly (DerivedPost | LostPost)[], options: DeriveOptions): readonly RunEvent[] {
  const working = derivation(posts, options)
  for (;;) {
    const { done, value } = working.next()
    if (done) return value
  }
}
