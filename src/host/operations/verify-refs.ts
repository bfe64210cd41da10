// Which versions of which workflows a captured run may have gone through.
import type { ParsedParams } from '../../contract/operations.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import type { Refs } from '../worker/thread/protocol.ts'
import type { Services } from './services.ts'

/** Older versions than these are not tried. */
const mostVersions = 50

/** The versions that a captured run may have gone through, newest first, or the one that was chosen. */
export function verifyRefs(
  { workspace, capture }: Services,
  { runId, workflowId, version }: ParsedParams<'run.verify'>
): NonNullable<Refs['verify']> {
  const { workflows } = workspace
  const trigger = workspace.runs.get(runId)?.trigger
  // MISP posts the trigger of the row, which may be another one than the graph's.
  const listens = (id: string): boolean => workflowRow(workflows.get(id).workflow)?.['trigger_id'] === trigger
  const own = workflows
    .list()
    .filter((one) => (workflowId === undefined ? one.trigger === trigger || listens(one.id) : one.id === workflowId))
  if (workflowId !== undefined && own.length === 0) workflows.get(workflowId)
  const numbers = (id: string): readonly number[] =>
    version === undefined ? [...workflows.get(id).versions].map((one) => one.version).reverse() : [version]
  const got = (id: string, number?: number) => {
    const { name, version: at, workflow } = workflows.get(id, number)
    return { id, name, version: at, workflow }
  }
  const { fragments, rivals } = capture.neighboursOf(runId)
  return {
    rivals,
    // With several beginnings nobody knows whose they are.
    fragments: rivals > 0 ? [] : fragments.flatMap(({ posts }) => posts),
    versions: own.flatMap(({ id }) =>
      numbers(id)
        .slice(0, mostVersions)
        .map((number) => got(id, number))
    ),
    others: workflows.list().map(({ id }) => got(id))
  }
}
