import { describe, expect, it, vi } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { fittingWorkflow } from '../../../../src/host/capture/group/fitting-workflow.ts'
import { parsePost } from '../../../../src/host/capture/understand/post-parse.ts'
import type { ParsedPost } from '../../../../src/host/capture/understand/post-parse.ts'
import type { Host } from '../../../../src/host/host.ts'
import { ask, hosting } from '../hosting.ts'
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

describe('the name of a captured run’s workflow in lists', () => {
  const { open } = hosting()
  const [run, other] = ['run-118', 'run-022'].map((id) => runs.find((one) => one.id.startsWith(id)) as RecordedRun)
  const text = ({ posts }: RecordedRun): string =>
    posts
      .map(({ target, body }) =>
        JSON.stringify({ at: '2024-10-21T12:00:00.000Z', source: '', method: 'POST', target, headers: {}, body })
      )
      .join('\n')
  const named = async (host: Host) => (await ask(host, 'runs.list', {})).runs.map(({ workflowName }) => workflowName)

  it('is that of the workspace’s workflow that fits, also when the workflow comes after the run', async () => {
    const host = await open()
    await ask(host, 'capture.import', { name: 'posts.ndjson', text: text(run as RecordedRun) })
    expect(await named(host)).toEqual([null])
    const nameOf = (one?: RecordedRun) => (one?.workflow as { Workflow: { name: string } }).Workflow.name
    for (const one of [other, run]) await ask(host, 'workflows.save', { workflow: one?.workflow as Json })
    await vi.waitFor(async () => expect(await named(host)).toEqual([nameOf(run)]))
    expect((await ask(host, 'runs.facets', {})).workflow).toEqual([{ value: nameOf(run), runs: 1 }])
    const { runs: found } = await ask(host, 'runs.list', { filter: { workflow: [nameOf(run)] } })
    expect(found).toHaveLength(1)
  })
})
