// The cause of every recorded run: as a chain whose links are true of the run, executed here and as captured from its posts.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chainText } from '../../src/contract/chain.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { chainOf } from '../../src/engine/replay/chain.ts'
import { notReachedChain, unreachedOf } from '../../src/engine/replay/unreached.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { deriveEvents } from '../../src/host/capture/derive/derive.ts'
import { computeBranch } from '../../src/host/capture/understand/branch.ts'
import { rebuildWorkflow } from '../../src/host/capture/derive/rebuild-workflow.ts'
import { scale } from '../attack/scale.ts'
import { eventsOf } from './adapter.ts'
import type { RunCase } from './adapter.ts'
import { expectTrue, truthOf } from './chain-truth.ts'
import { postsOf } from './posts-of.ts'
import { recorded } from './recorded.ts'

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

const ownEvents = (events: readonly RunEvent[]): readonly RunEvent[] =>
  events.filter(({ runId }) => runId === events[0]?.runId)

function folded(events: readonly RunEvent[]): RunFold {
  const fold = new RunFold()
  for (const event of events) fold.apply(event)
  return fold
}

function isCaused(events: readonly RunEvent[], workflow: JsonMap): string {
  const own = ownEvents(events)
  const fold = folded(own)
  const chain = chainOf(fold, workflow)
  const truth = truthOf(own, workflow)
  expectTrue(truth, chain)
  for (const nodeId of truth.nodes.keys()) {
    const isTrigger = (truth.nodes.get(nodeId)!['data'] as JsonMap)['module_type'] === 'trigger'
    const isExecuted = truth.steps.some((step) => step.nodeId === nodeId)
    const why = notReachedChain(fold, workflow, nodeId)
    if (isExecuted) expect(why).toBeNull()
    else if (!isTrigger) expectTrue({ ...truth, end: { ...truth.end, outcome: 'success' } }, why)
  }
  // What MISP reported as blocked is told as skipped.
  const skipped = unreachedOf(fold, workflow).flatMap((one) => (one.skipped ? one.nodes : []))
  for (const path of truth.end.walk?.blocked_paths ?? []) {
    const nodeId = Number(path.at(-1)?.split(':')[3])
    if (truth.steps.some((step) => step.nodeId === nodeId)) continue
    expect(skipped.map((one) => one.nodeId)).toContain(nodeId)
  }
  return chainText(chain!)
}

function isCausedAsCaptured(events: readonly RunEvent[], workflow: JsonMap, trigger: string): string {
  const posts = postsOf(events)
  if (posts.length === 0) return ''
  const known = isCaused(deriveEvents(posts, { runId: 'c', workflow }), workflow)
  const seen = posts.map(({ post, job }) => ({ post, job, branch: post.kind === 'exec' ? computeBranch(post) : null }))
  const rebuilt = rebuildWorkflow(trigger, seen)
  isCaused(deriveEvents(posts, { runId: 'c', workflow: rebuilt }), rebuilt)
  return known
}

const told = (lines: readonly string[]): void => {
  if (process.env['SHOW_CHAINS']) process.stdout.write(`${lines.join('\n')}\n`)
}

describe('the chain of a recorded run', () => {
  for (const one of cases) {
    const c = { ...around, ...Object.fromEntries(Object.entries(one).map(([key, value]) => [key, filled(value)])) }
    it(`is true of ${one.id}`, () => {
      const run = c as unknown as RunCase
      const events = eventsOf(run)
      told([`${one.id}: ${isCaused(events, run.workflow)}`])
      isCausedAsCaptured(ownEvents(events), run.workflow, run.trigger_id)
    })
  }
  const all = recorded().filter((_, i) => i % scale(4, 1) === 0)
  it.skipIf(all.length === 0)('is true of the runs that MISP recorded, all of them in the long form', () => {
    for (const run of all) {
      try {
        const events = eventsOf(run)
        if (!events.some(({ type }) => type === 'run.finished')) continue
        told([
          `${run.id}: ${isCaused(events, run.workflow)}`,
          `  ${isCausedAsCaptured(ownEvents(events), run.workflow, run.trigger_id)}`
        ])
      } catch (error) {
        throw new Error(`${run.id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    }
  })
})
