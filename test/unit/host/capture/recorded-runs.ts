// Recorded runs of MISP 2.5.1 (origin `own`): test/fixtures/capture/own-runs.json.gz, made by make-fixture.mjs beside it.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export interface StreamPost {
  /** Unix milliseconds. */
  readonly at: number
  readonly target: string
  readonly body: string
}

export interface RecordedRun {
  readonly id: string
  readonly trigger: string
  readonly workflow: unknown
  readonly posts: readonly StreamPost[]
  /** Concurrent branches: the index of the concurrent task's post, and what the branch posts. */
  readonly branches: readonly { readonly after: number; readonly posts: readonly StreamPost[] }[]
  readonly walk: { readonly executed_nodes: readonly { readonly id: number }[] } | null
  readonly log: string
}

interface RawRequest {
  readonly path: string
  readonly query: string
  readonly body: unknown
}

interface RawRun {
  readonly id: string
  readonly trigger_id: string
  readonly workflow: unknown
  readonly requests: readonly RawRequest[]
  readonly branches: readonly (readonly RawRequest[])[]
  readonly walk: RecordedRun['walk']
  readonly log: string
}

const isPost = (request: RawRequest): boolean => /\/(init|end)$|\/(exec|debug)\/[^/]+$/.test(request.path)
const postOf = (request: RawRequest): StreamPost => ({
  at: 0,
  target: request.query === '' ? request.path : `${request.path}?${request.query}`,
  body: JSON.stringify(request.body)
})

function readRun(raw: RawRun): RecordedRun {
  const posts = raw.requests.filter(isPost).map(postOf)
  const tasks = posts.flatMap((post, i) => (/\/exec\/concurrent-task\?result=success/.test(post.target) ? [i] : []))
  const branches = raw.branches.flatMap((branch, i) => {
    const list = branch.filter(isPost).map(postOf)
    return list.length > 0 && tasks[i] !== undefined ? [{ after: tasks[i], posts: list }] : []
  })
  return { id: raw.id, trigger: raw.trigger_id, workflow: raw.workflow, posts, branches, walk: raw.walk, log: raw.log }
}

/** A post at another time: its body's timestamp is the second of its arrival. */
export function encodePosts(post: StreamPost, at: number): StreamPost {
  const second = new Date(at - (at % 1000)).toISOString().replace('.000Z', '+00:00')
  return {
    at,
    target: post.target,
    body: post.body.replace(/"timestamp":"[^"]*","data":/, `"timestamp":"${second}","data":`)
  }
}

let cached: readonly RecordedRun[] | null = null
export function recordedRuns(): readonly RecordedRun[] {
  const file = new URL('../../../fixtures/capture/own-runs.json.gz', import.meta.url)
  cached ??= (JSON.parse(gunzipSync(readFileSync(file)).toString()) as RawRun[]).map(readRun)
  return cached
}
