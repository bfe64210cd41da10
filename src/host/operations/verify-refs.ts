// Which versions of which workflows a captured run may have gone through.
import type { ParsedParams, WorkflowSource } from '../../contract/operations.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import type { Refs, WorkflowVersion } from '../worker/thread/protocol.ts'
import type { Services } from './services.ts'

/** Older versions than these are not tried. */
const mostVersions = 50

/** Versions, neighbours and accepted differences of a captured run. */
export async function verifyRefs(
  { workspace, capture, accepted }: Services,
  { runId, workflow }: ParsedParams<'run.verify'>
): Promise<NonNullable<Refs['verify']>> {
  const { workflows } = workspace
  const got = (id: string, number?: number): WorkflowVersion => {
    const { name, version, workflow: saved } = workflows.get(id, number)
    return { id, name, version, workflow: saved }
  }
  const { fragments, rivals } = capture.neighboursOf(runId)
  return {
    rivals,
    // With several beginnings nobody knows whose they are.
    fragments: rivals > 0 ? [] : fragments.flatMap(({ posts }) => posts),
    versions: workflow === undefined ? versionsFor(workspace, runId, got) : chosenVersions(workflow, workspace, got),
    others: workflows.list().map(({ id }) => got(id)),
    accepted: await accepted.list()
  }
}

type Got = (id: string, number?: number) => WorkflowVersion

const newestFirst = ({ workflows }: Services['workspace'], id: string): readonly number[] =>
  workflows
    .get(id)
    .versions.map(({ version }) => version)
    .reverse()
    .slice(0, mostVersions)

function versionsFor(workspace: Services['workspace'], runId: string, got: Got): readonly WorkflowVersion[] {
  const { workflows } = workspace
  const trigger = workspace.runs.get(runId)?.trigger
  // MISP posts the trigger of the row, which may be another one than the graph's.
  const listens = (id: string): boolean => workflowRow(workflows.get(id).workflow)?.['trigger_id'] === trigger
  const own = workflows.list().filter((one) => one.trigger === trigger || listens(one.id))
  return own.flatMap(({ id }) => newestFirst(workspace, id).map((number) => got(id, number)))
}

/** One that a run of the workspace had is asked for where the runs are. */
function chosenVersions(
  source: WorkflowSource,
  workspace: Services['workspace'],
  got: Got
): readonly WorkflowVersion[] {
  if ('json' in source) return [{ id: '', name: 'the workflow', version: 0, workflow: source.json }]
  if ('runId' in source) return []
  const { workflowId, version } = source
  return version === undefined
    ? newestFirst(workspace, workflowId).map((number) => got(workflowId, number))
    : [got(workflowId, version)]
}
