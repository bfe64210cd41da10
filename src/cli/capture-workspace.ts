// What the commands about captured runs share: the workspace with its lock, its captured runs, one run by its id.
import { existsSync } from 'node:fs'
import type { Json } from '../contract/json.ts'
import { CodedError } from '../contract/errors.ts'
import { computeBranch } from '../host/capture/branch.ts'
import type { CapturedRun } from '../host/capture/captured-run.ts'
import { graphsOf } from '../host/capture/import-file.ts'
import type { RawPost } from '../host/capture/ndjson.ts'
import { parsePost } from '../host/capture/post-parse.ts'
import { rebuildWorkflow } from '../host/capture/rebuild-workflow.ts'
import type { Limits } from '../engine/jinja/limits.ts'
import { Trust } from '../host/trust/trust.ts'
import { userFolder } from '../host/user-folder.ts'
import { CaptureService } from '../host/capture/service.ts'
import { renderWith } from '../host/capture/understand.ts'
import { Workspace } from '../host/store/workspace.ts'
import type { CommandContext } from './context.ts'
import { defaultWorkspace } from './default-workspace.ts'
import { visible } from './style.ts'

export interface CaptureSession {
  readonly workspace: Workspace
  readonly capture: CaptureService
  close(): Promise<void>
}

/** Of templates, as far as a person of this machine set or allowed them. */
const limitsOf = (workspace: Workspace): Partial<Limits> =>
  new Trust(workspace, userFolder()).settings.own.templateLimits ?? {}

/** Workflows of a workspace, newest versions, as MISP exports them. */
const workflowsOf = (workspace: Workspace): readonly Json[] =>
  workspace.workflows.list().map(({ id }) => workspace.workflows.get(id).workflow)

/**
 * Opens a workspace and its captured runs. While another instance has it open, it is looked at without writing.
 * @throws CodedError WORKSPACE_READ_ONLY when `write` is asked for and another instance has it
 */
export async function openCapture(
  { root, complain }: CommandContext,
  folder: string | undefined,
  { write = false, graphs = [] }: { readonly write?: boolean; readonly graphs?: readonly Json[] } = {}
): Promise<CaptureSession> {
  // A slip in the name of a folder to look at must not make one.
  if (!write && folder !== undefined && !existsSync(folder))
    throw new CodedError('FILE_NOT_FOUND', `The workspace ${folder} does not exist.`, { file: folder })
  const workspace = await Workspace.open(folder ?? defaultWorkspace(root))
  if (write) workspace.assertWritable()
  const limits = limitsOf(workspace)
  const options = {
    graphs: graphsOf([...graphs, ...workflowsOf(workspace)]),
    limits: () => limits,
    hold: workspace.hold,
    events: { problem: (message: string) => complain(`note ${visible(message)}`) }
  }
  const capture = await CaptureService.open(workspace.folder, options, workspace.writable)
  return {
    workspace,
    capture,
    async close() {
      await capture.close()
      await workspace.close()
    }
  }
}

/** A run with its posts, by its id or the beginning of it. Throws RUN_NOT_FOUND. */
export async function readCapturedRun(
  capture: CaptureService,
  id: string
): Promise<{ readonly run: CapturedRun; readonly posts: readonly RawPost[] }> {
  const run = capture.runs.get(id)
  if (run === undefined) throw new CodedError('RUN_NOT_FOUND', `There is no captured run "${id}".`)
  const posts: RawPost[] = []
  for (const [seq] of run.posts) {
    const post = await capture.reader.read(seq)
    if (post !== null) posts.push(post)
  }
  return { run, posts }
}

/** The workflow behind a run: the workspace's for its trigger, else what its posts show. */
export function workflowBehind(
  workspace: Workspace,
  run: CapturedRun,
  posts: readonly RawPost[]
): { readonly workflow: Json; readonly rebuilt: boolean } {
  const known = workspace.workflows.list().find(({ trigger }) => trigger === run.trigger)
  if (known !== undefined) return { workflow: workspace.workflows.get(known.id).workflow, rebuilt: false }
  const render = renderWith(limitsOf(workspace))
  const seen = posts.map(({ meta, body }, i) => {
    const post = parsePost(meta, body)
    return { post, branch: post.kind === 'exec' ? computeBranch(post, render) : null, job: run.posts[i]?.[1] ?? 0 }
  })
  return { workflow: rebuildWorkflow(run.trigger, seen), rebuilt: true }
}
