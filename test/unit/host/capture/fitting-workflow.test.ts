import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { fittingWorkflow } from '../../../../src/host/capture/fitting-workflow.ts'
import { parsePost } from '../../../../src/host/capture/post-parse.ts'
import type { ParsedPost } from '../../../../src/host/capture/post-parse.ts'
import { recordedRuns } from './recorded-runs.ts'
import type { RecordedRun } from './recorded-runs.ts'

const parsed = ({ posts }: RecordedRun): ParsedPost[] =>
  posts.map(({ target, body }) => parsePost({ headers: [], target }, Buffer.from(body)))

// A run that fired another one holds the posts of both.
const runs = recordedRuns().filter(
  (run) =>
    run.posts.some(({ target }) => target.includes('/exec/')) &&
    parsed(run).every(({ trigger }) => trigger === run.trigger)
)
type Nodes = Readonly<Record<string, { readonly id: unknown; readonly data?: Readonly<Record<string, Json>> }>>
const nodesOf = (workflow: unknown): readonly string[] =>
  Object.values((workflow as { Workflow: { data: Nodes } }).Workflow.data).map(
    ({ id, data }) => `${String(id)} ${String(data?.['id'])}`
  )

describe('the workflow of a captured run', () => {
  it.each(runs.map((run) => [run.id, run] as const))('is told from those of other runs: %s', (_id, run) => {
    const others = runs.filter(({ trigger }) => trigger === run.trigger).map(({ workflow }) => workflow as Json)
    const found = fittingWorkflow(others, parsed(run))
    expect(found).toBeDefined()
    // Workflows that differ only in nodes that the run did not come to cannot be told apart.
    const seen = parsed(run)
      .filter(({ kind }) => kind === 'exec')
      .map(({ nodeId, moduleId }) => `${nodeId} ${moduleId}`)
    const has = nodesOf(found)
    for (const node of seen) expect(has).toContain(node)
  })

  it('is none of those that the run did not go through', () => {
    const [run] = runs.filter(({ id }) => id.startsWith('run-118'))
    const other = runs.find(({ id }) => id.startsWith('run-022'))
    expect(fittingWorkflow([other?.workflow as Json], parsed(run as RecordedRun))).toBeUndefined()
    expect(fittingWorkflow([other?.workflow as Json, run?.workflow as Json], parsed(run as RecordedRun))).toBe(
      run?.workflow
    )
  })
})
