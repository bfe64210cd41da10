// What the posts of a recorded run show of its workflow, saved as one and run again: the same nodes in the same order.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { computeBranch } from '../../src/host/capture/understand/branch.ts'
import { rebuildWorkflow } from '../../src/host/capture/derive/rebuild-workflow.ts'
import { createHost } from '../../src/host/host.ts'
import type { Host } from '../../src/host/host.ts'
import { scale } from '../attack/scale.ts'
import { ask } from '../unit/host/hosting.ts'
import { eventsOf } from './adapter.ts'
import { postsOf } from './posts-of.ts'
import { recorded } from './recorded.ts'

/** Which run it was that went through a disabled concurrent task: what is behind it nobody can know, and the workflow says so. */
const unknown = ['run-110', 'run-138']

const own = (events: readonly RunEvent[]): readonly RunEvent[] =>
  events.filter(({ runId }) => runId === events[0]?.runId)

/** Its nodes in order, those of each background job apart. */
function walks(events: readonly RunEvent[]): readonly (readonly string[])[] {
  const found = new Map<string, string[]>([['', []]])
  for (const event of own(events)) {
    if (event.type !== 'node.finished') continue
    const { job, nodeId, moduleId, branch, success } = event.data
    const walk = found.get(job ?? '') ?? []
    found.set(job ?? '', walk)
    walk.push(`${nodeId} ${moduleId} ${branch ?? ''} ${success}`)
  }
  return [...found.values()]
}

/** As MISP imports it, after it was saved in a workspace. */
async function saved(host: Host, rebuilt: JsonMap, id: string): Promise<JsonMap> {
  const workflow = { Workflow: { ...rebuilt, uuid: crypto.randomUUID(), name: id } }
  const { id: workflowId } = await ask(host, 'workflows.save', { workflow, ifKnown: 'ask' })
  return JSON.parse((await ask(host, 'workflows.export', { workflowId })).text) as JsonMap
}

describe('a workflow made of a run’s posts', () => {
  const all = recorded().filter((_, i) => i % scale(3, 1) === 0)
  it.skipIf(all.length === 0)('runs again as the run did whose posts are complete', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'retrace-rebuilt-'))
    const host = await createHost({ workspace: folder, shell: 'terminal', version: '0', workerUrl: null })
    try {
      const [done, differs]: [string[], string[]] = [[], []]
      for (const run of all) {
        const events = eventsOf(run)
        const posts = postsOf(own(events))
        if (!isComplete(events, posts)) continue
        const seen = posts.map(({ post, job }) => ({
          post,
          job,
          branch: post.kind === 'exec' ? computeBranch(post) : null
        }))
        const workflow = await saved(host, rebuildWorkflow(run.trigger_id, seen), run.id)
        const again = walks(eventsOf({ ...run, workflow } as never))
        done.push(run.id)
        if (JSON.stringify(again) === JSON.stringify(walks(events))) continue
        differs.push(run.id.slice(0, 7))
        expect((workflow['Workflow'] as JsonMap)['description']).toContain('Unknown is what is behind')
      }
      expect(differs).toEqual(unknown.filter((id) => all.some((run) => run.id.startsWith(id))))
      expect(done.length).toBeGreaterThan(scale(15, 50))
    } finally {
      await host.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** From the first post to the end, with one for every node that was executed. */
function isComplete(events: readonly RunEvent[], posts: ReturnType<typeof postsOf>): boolean {
  const executed = walks(events).flat().length
  const kinds = posts.filter(({ job }) => job === 0).map(({ post }) => post.kind)
  const execs = posts.filter(({ post }) => post.kind === 'exec').length
  return kinds[0] === 'init' && kinds.at(-1) === 'end' && execs === executed && executed > 0
}
