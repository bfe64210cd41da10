// The posts of a run, captured or offline, in one form and lane by lane: the walk, and each concurrent branch.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent, RunEventMap } from '../../../contract/run.ts'
import { dig } from '../../php/values.ts'

export interface LanePost {
  readonly kind: 'init' | 'exec' | 'end' | 'debug'
  /** Of the run: what `show` counts. 0: the trigger, null: no step. */
  readonly step: number | null
  /** Position among all posts of the run. */
  readonly order: number
  readonly nodeId: number | null
  readonly moduleId: string
  readonly moduleType: string
  /** exec: the result; end: the outcome; init: the type of path. */
  readonly result: string
  readonly message: string
  readonly filters: Json
  readonly parameters: Json
  readonly data: Json
  readonly errors: Json
  readonly branch: string | null
  /** The how manieth time that the lane comes to its node, from 1. */
  readonly visit: number
  /** exec: what the node read, and with which parameters. */
  readonly read: Pick<Finished, 'params' | 'view'> | null
}

export interface Lane {
  /** '' : the walk. */
  readonly job: string
  readonly posts: LanePost[]
  /** The node that a branch begins at, where that is known. */
  readonly start: number | null
}

type Finished = RunEventMap['node.finished']

/** Takes a run's events one by one. */
export class LaneBook {
  readonly lanes = new Map<string, Lane>()
  /** Data that the trigger got, before and after it was brought into MISP's core format. */
  normalized: RunEventMap['run.normalized'] | null = null
  started: RunEventMap['run.started'] | null = null
  finished: RunEventMap['run.finished'] | null = null
  readonly #last = new Map<string, Finished>()
  readonly #visits = new Map<string, number>()
  #steps = 0
  #posts = 0

  constructor(readonly runId: string) {
    this.lane('')
  }

  lane(job: string, start: number | null = null): Lane {
    let lane = this.lanes.get(job)
    if (lane === undefined) this.lanes.set(job, (lane = { job, posts: [], start }))
    return lane
  }

  get total(): number {
    return this.#posts
  }

  /** Events of other runs are left out. */
  take(event: RunEvent): void {
    if (event.runId !== this.runId) return
    switch (event.type) {
      case 'run.started':
        this.started ??= event.data
        return
      case 'run.normalized':
        this.normalized ??= event.data
        return
      case 'run.finished':
        this.finished ??= event.data
        return
      case 'job.queued':
        if (event.data.command === 'walkGraph') this.lane(event.data.job, event.data.nodeId ?? null)
        return
      case 'node.finished':
        this.#steps++
        this.#last.set(event.data.job ?? '', event.data)
        return
      case 'post':
        this.#post(event.data)
        return
      default:
    }
  }

  #post({ post, job = '' }: RunEventMap['post']): void {
    const kind = kindOf(post.path)
    const source = dig(post.body, 'source') ?? null
    const done = kind === 'exec' ? this.#last.get(job) : undefined
    const nodeId = kind === 'exec' || kind === 'debug' ? Number(dig(source, 'node_id')) : null
    const key = `${job} ${nodeId}`
    const visit = (this.#visits.get(key) ?? 0) + (kind === 'exec' ? 1 : 0)
    if (kind === 'exec') this.#visits.set(key, visit)
    this.lane(job).posts.push({
      kind,
      step: kind === 'exec' ? this.#steps : kind === 'init' ? 0 : null,
      order: this.#posts++,
      nodeId,
      moduleId: done?.moduleId ?? String(dig(source, 'module_id') ?? ''),
      moduleType: done?.moduleType ?? '',
      ...this.#said(kind, post, done),
      filters: dig(source, 'filters') ?? null,
      parameters: dig(source, 'parameters') ?? null,
      data: (post.body as JsonMap)['data'] ?? null,
      errors: (post.body as JsonMap)['errors'] ?? [],
      branch: done?.branch ?? null,
      visit,
      read: done ?? null
    })
  }

  #said(kind: LanePost['kind'], { query }: { readonly query: string }, done: Finished | undefined) {
    const found = /(?:^|[?&])(?:type|outcome|result)=([\w-]+)/.exec(query)
    const at = query.indexOf('&message=')
    const message = at < 0 ? '' : decoded(query.slice(at + '&message='.length))
    return { result: found?.[1] ?? (kind === 'exec' ? done?.result : undefined) ?? '', message }
  }
}

/** As PHP's urlencode wrote it; what it did not write stays as it is. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

function kindOf(path: string): LanePost['kind'] {
  const [last = '', before = ''] = path.split('/').reverse()
  if (last === 'init' || last === 'end') return last
  return before === 'debug' ? 'debug' : 'exec'
}
