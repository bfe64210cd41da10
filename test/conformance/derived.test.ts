// What Retrace works out of a captured run, against the same run executed: every recorded run's posts (runs.test.ts holds them against
// MISP's own) are taken as captured, with the workflow given and withheld.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent, RunEventMap } from '../../src/contract/run.ts'
import { deriveEvents } from '../../src/host/capture/derive/derive.ts'
import { rebuildWorkflow } from '../../src/host/capture/derive/rebuild-workflow.ts'
import { computeBranch } from '../../src/host/capture/understand/branch.ts'
import { isLogic } from '../../src/host/capture/understand/module-facts.ts'
import { eventsOf } from './adapter.ts'
import { postsOf } from './posts-of.ts'

interface File {
  readonly shared: readonly Json[]
  readonly cases: readonly (JsonMap & { readonly id: string; readonly workflow: JsonMap })[]
}
const { shared, cases, ...around } = JSON.parse(
  readFileSync(new URL('./fixtures/runs.json', import.meta.url), 'utf8')
) as File
const filled = (value: Json): Json => {
  const found = typeof value === 'string' ? /^\(shared (\d+)\)$/.exec(value) : null
  return found ? (shared[Number(found[1])] as Json) : value
}

type Finished = RunEventMap['node.finished']
const finishedOf = (events: readonly RunEvent[]): Finished[] =>
  events.flatMap((event) => (event.type === 'node.finished' ? [event.data] : []))

/** Nodes that MISP posted, each with the job it ran in. */
function executedOf(events: readonly RunEvent[]): readonly Finished[] {
  const posted = events.flatMap((event) =>
    event.type === 'post' && event.data.post.path.includes('/exec/') ? [event.data.post.body] : []
  )
  const finished = finishedOf(events)
  return posted.length === finished.length ? finished : []
}

/** What a module is given: the roaming data through its filters (WorkflowRoamingData::getData), as the node before it left them. */
function inputOf(events: readonly RunEvent[], truth: readonly Finished[], i: number): Json {
  const { job } = truth[i] as Finished
  const before = truth.slice(0, i).findLast((node) => node.job === job)
  if (before) return before.view
  const queued = events.find((event) => event.type === 'job.queued' && event.data.job === job)
  if (queued?.type === 'job.queued') return queued.data.data
  const normalized = events.find((event) => event.type === 'run.normalized')
  return normalized?.type === 'run.normalized' ? normalized.data.normalized : null
}

const json = (value: Json): string => JSON.stringify(value)

describe('inputs and branches of captured runs', () => {
  const found = { runs: 0, nodes: 0, inputs: 0, logic: 0, branches: 0 }
  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, { expected: _, ...input }) => {
    const given = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, filled(value as Json)]))
    const all = eventsOf({ ...given, ...around, now: '2024-10-21T12:00:00+00:00' } as never)
    const events = all.filter(({ runId }) => runId === id)
    const truth = executedOf(events)
    const posts = postsOf(events)
    if (truth.length === 0 || posts[0]?.post.kind !== 'init') return
    found.runs++
    const branched = posts.map(({ post, job }) => ({ post, job, branch: computeBranch(post) }))
    for (const workflow of [input.workflow, rebuildWorkflow(String(input['trigger_id']), branched)]) {
      const derived = finishedOf(deriveEvents(posts, { runId: id, workflow }))
      expect(derived.length).toBe(truth.length)
      derived.forEach((node, i) => {
        const real = truth[i] as Finished
        found.nodes++
        expect([node.nodeId, node.moduleId]).toEqual([real.nodeId, real.moduleId])
        expect(json(node.before), `${id}: input of step ${i + 1}, ${node.moduleId}`).toBe(json(inputOf(all, truth, i)))
        found.inputs++
        if (real.branch === undefined || real.branch === 'none') return
        // Whether an unknown module was a logic module, only the workflow says.
        if (workflow !== input.workflow && !isLogic(node.moduleId)) return
        found.logic++
        expect(node.branch, `${id}: branch of step ${i + 1}, ${node.moduleId}`).toBe(real.branch)
        found.branches++
      })
    }
  })

  it('are all the same as where the run was executed', () => {
    expect(found.runs).toBeGreaterThan(40)
    expect([found.inputs, found.branches]).toEqual([found.nodes, found.logic])
  })
})
