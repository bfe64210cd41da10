// How the engine worker opens a captured run: it reads the posts itself, so that their data never crosses between threads.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Outcome, RunEvent } from '../../../contract/run.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { PostReader } from '../journal/segments-reader.ts'
import { computeBranch } from '../understand/branch.ts'
import type { Pause } from '../../pauses.ts'
import { derivation, type DerivedPost, type LostPost } from './derive.ts'
import { fittingWorkflow } from '../group/fitting-workflow.ts'
import { defaultProfile } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { parsePost, type ParsedPost } from '../understand/post-parse.ts'
import { recognisePosts } from '../understand/recognise-posts.ts'
import { rebuildWorkflow } from './rebuild-workflow.ts'
import { captureFolder } from '../service.ts'

export interface CapturedRef {
  readonly runId: string
  readonly trigger: string
  /** As its end post said when it came; null: not known. */
  readonly outcome: Outcome | null
  /** The workspace. */
  readonly folder: string
  readonly posts: readonly (readonly [seq: number, job: number])[]
  readonly parent: { readonly runId: string; readonly nodeId: number | null } | null
  /** The workspace's workflows for the trigger. */
  readonly workflows: readonly Json[]
  /** The MISP that its source is treated as; `isChosen`: by a person, so that the posts have no say. */
  readonly profile?: { readonly id: ProfileId; readonly isChosen: boolean }
}

export interface LoadedCapture {
  readonly events: readonly RunEvent[]
  readonly workflow: Json
  readonly rebuilt: boolean
  readonly options: JsonMap
}

/** Kept from run to run: each knows where which post is. A worker has one workspace, a process of tests has several. */
const readers = new Map<string, PostReader>()
const mostReaders = 16

function readerOf(folder: string): PostReader {
  const reader = readers.get(folder) ?? new PostReader(folder)
  readers.delete(folder)
  readers.set(folder, reader)
  for (const [oldest, unused] of readers) {
    if (readers.size <= mostReaders) break
    readers.delete(oldest)
    void unused.close()
  }
  return reader
}

const mostSaid = 3

/** Which MISP posted. What speaks against the choice of a person is said, too. */
function profileOf(
  { profile: given }: CapturedRef,
  posts: readonly ParsedPost[]
): { readonly profile: ProfileId; readonly said: readonly string[] } {
  const anyhow = given?.id ?? defaultProfile
  const found = recognisePosts(posts, anyhow)
  const evidence = found.traces.slice(0, mostSaid).map(({ text }) => text)
  if (!found.isOther) return { profile: anyhow, said: [] }
  if (!given?.isChosen)
    return { profile: found.profile, said: [`MISP ${found.profile} was recognised: ${evidence.join(' ')}`] }
  return { profile: anyhow, said: [`The posts look like MISP ${found.profile}, not ${anyhow}: ${evidence.join(' ')}`] }
}

/** Events and workflow of a captured run. */
export async function loadCaptured(
  ref: CapturedRef,
  pause: Pause,
  limits: Partial<Limits> = {}
): Promise<LoadedCapture> {
  const all: (DerivedPost | LostPost)[] = []
  const jobs = new Map(ref.posts)
  for await (const [seq, stored] of readerOf(captureFolder(ref.folder)).readEach(ref.posts.map(([number]) => number))) {
    const job = jobs.get(seq) ?? 0
    if ('why' in stored) all.push({ seq, job, why: stored.why })
    else {
      const { meta, body } = stored
      all.push({ seq, at: meta.at, job, target: meta.target, post: parsePost(meta, body) })
    }
    await pause()
  }
  const posts = all.filter((item) => 'post' in item)
  const { profile, said } = profileOf(
    ref,
    posts.map(({ post }) => post)
  )
  const known = fittingWorkflow(
    ref.workflows,
    posts.map(({ post }) => post)
  )
  const rebuilt = known === undefined
  const workflow =
    known ??
    rebuildWorkflow(
      ref.trigger,
      posts.map(({ post, job }) => ({
        post,
        job,
        branch: post.kind === 'exec' ? computeBranch(post, limits, profile) : null
      }))
    )
  const deriving = derivation(all, {
    ...{ runId: ref.runId, workflow, outcome: ref.outcome },
    ...{ limits, profile, said },
    ...(ref.parent === null ? {} : { parent: { runId: ref.parent.runId, nodeId: ref.parent.nodeId ?? 0 } })
  })
  for (;;) {
    const { done, value } = deriving.next()
    if (done) return { events: value, workflow, rebuilt, options: {} }
    await pause()
  }
}
