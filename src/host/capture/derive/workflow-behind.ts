import type { Json } from '../../../contract/json.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import type { Workspace } from '../../store/workspace.ts'
import { computeBranch } from '../understand/branch.ts'
import type { CapturedRun } from './captured-run.ts'
import type { RawPost } from '../understand/ndjson.ts'
import { parsePost } from '../understand/post-parse.ts'
import { rebuildWorkflow } from './rebuild-workflow.ts'

/** The workflow behind a captured run: the workspace's for its trigger, else what its posts show. */
export function workflowBehind(
  workspace: Workspace,
  limits: Partial<Limits>,
  run: CapturedRun,
  posts: readonly (RawPost & { readonly job: number })[]
): Json {
  const known = workspace.workflows.list().find(({ trigger }) => trigger === run.trigger)
  if (known !== undefined) return workspace.workflows.get(known.id).workflow
  const seen = posts.map(({ meta, body, job }) => {
    const post = parsePost(meta, body)
    return { post, branch: post.kind === 'exec' ? computeBranch(post, limits) : null, job }
  })
  return rebuildWorkflow(run.trigger, seen)
}
