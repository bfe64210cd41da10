// What a change of a workflow would have changed over many captured runs, with progress and a way to cancel, against the same runs one by one in
// this process out of memory, without either.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { parseWorkflow } from '../../src/engine/graph/parse.ts'
import { compareRuns } from '../../src/engine/replay/compare/compare-runs.ts'
import { partingOf } from '../../src/engine/replay/compare/parting.ts'
import type { ComparedRun } from '../../src/engine/replay/compare/side.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { createRun } from '../../src/engine/run/start.ts'
import { runToEnd } from '../../src/engine/run/walk/driver.ts'
import { createHost } from '../../src/host/host.ts'
import { countedUuids } from '../../src/host/worker/tried/rig.ts'
import { workflow } from '../unit/engine/run/builders.ts'
import { ask } from './ask.ts'
import { eventText } from './event.ts'

const quick = process.argv.includes('--quick')
const count = quick ? 100 : 1000
const times = quick ? 3 : 7

const deciding = (tags: readonly string[]) =>
  workflow([
    { id: 'tag-if', params: { scope: 'event_attribute', condition: 'in_or', tags }, to: [[3], [4]] },
    { id: 'stop-execution', params: { message: 'stopped' } },
    { id: 'push-zmq', params: { match_condition: 'Event.info' } }
  ])
const before = deciding(['tlp:red'])
// A tag that only the larger ones of the events are sure to have.
const after = deciding(['tlp:green'])

const texts = Array.from({ length: count }, (_, i) => eventText(1 + ((i * 7) % 90)))

/** The posts of the runs, one a line. */
function postsOf(all: readonly string[]): string {
  const empty = '"source":{"node_id":"","module_id":"","filters":"","parameters":""}'
  const lines = all.flatMap((text, i) => {
    const at = new Date(Date.UTC(2024, 9, 1) + i * 2000).toISOString()
    const post = (target: string, data: string) =>
      JSON.stringify({
        ...{ at, source: 'bench', method: 'POST', headers: {} },
        ...{ target, body: `{${empty},"timestamp":"${at}","data":${data}}` }
      })
    return [
      post('/event-publish/init?type=blocking', `{"original":${text},"normalized":${text}}`),
      post('/event-publish/end?outcome=success', '{"blocking_nodes":[],"executed_nodes":[],"blocked_paths":[]}')
    ]
  })
  return lines.join('\n')
}

function runOne(graph: JsonMap, data: JsonMap): ComparedRun {
  const events: RunEvent[] = []
  const fold = new RunFold()
  const { drawn, uuid } = countedUuids()
  const row = parseWorkflow(graph, 'the workflow')
  const input = {
    workflow: row,
    data,
    settings: { 'MISP.host_org_id': 1 },
    options: { runId: 'bench', now: 1_729_500_000 }
  }
  const stepper = createRun(input, { clock: { now: () => 0, monotonic: () => 0 }, uuid }, (event) => {
    events.push(event)
    fold.apply(event)
  })
  runToEnd(stepper)
  return { fold, events, origin: 'local', workflow: graph, rebuilt: false, clock: null, drawn }
}

function oneByOne(): number {
  let different = 0
  for (const text of texts) {
    const data = JSON.parse(text) as JsonMap
    if (partingOf(compareRuns(runOne(before, data), runOne(after, data))) !== null) different++
  }
  return different
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] as number

/** Milliseconds until it is done, and of all threads together: what others do on the machine tells less there. */
async function cost(work: () => unknown): Promise<{ readonly wall: number; readonly cpu: number }> {
  globalThis.gc?.()
  const [began, used] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(used)
  return { wall: performance.now() - began, cpu: (user + system) / 1000 }
}

// The host's threads keep no process alive.
const awake = setInterval(() => undefined, 1000)
const folder = mkdtempSync(join(tmpdir(), 'retrace-impact-'))
const workerUrl = pathToFileURL(join(process.cwd(), 'out', 'node', 'worker.mjs'))
const host = await createHost({ workspace: join(folder, 'workspace'), shell: 'terminal', version: '0', workerUrl })
try {
  const file = join(folder, 'posts.ndjson')
  writeFileSync(file, postsOf(texts))
  const uploadId = await host.uploads.take(file)
  const { runs } = await ask(host, 'posts.import', { name: 'posts.ndjson', uploadId, graphs: [] })
  if (runs.length !== count) throw new Error(`${runs.length} runs were found instead of ${count}`)
  const question = { workflow: { json: after }, before: { workflow: before }, runs: count, data: false }
  let told = 0
  const ours: Awaited<ReturnType<typeof cost>>[] = []
  const bases: typeof ours = []
  for (let i = -2; i < times; i++) {
    const once = await cost(async () => {
      const { groups, same } = await ask(host, 'impact.report', question)
      told = groups.reduce((sum, group) => sum + group.count, 0)
      if (told + same !== count) throw new Error(`${told + same} runs were tried instead of ${count}`)
    })
    const base = await cost(() => {
      if (oneByOne() !== told) throw new Error('one by one another number of runs differ')
    })
    if (i >= 0) ours.push(once)
    if (i >= 0) bases.push(base)
  }
  const compared = (kind: 'wall' | 'cpu', what: string): string => {
    const [mine, base] = [ours, bases].map((all) => all.map((one) => one[kind])) as [number[], number[]]
    const ratios = mine.map((ms, i) => ms / (base[i] as number)).sort((a, b) => a - b)
    const spread = `${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)}`
    return `${median(mine).toFixed(0)} ms ${what}, ${median(ratios).toFixed(2)} (${spread}) of ${median(base).toFixed(0)} ms`
  }
  console.log(
    `impact over ${count} captured runs (${told} go differently) against the same one by one in one process, goal 1.3: ` +
      `${compared('wall', 'until it is there')}; ${compared('cpu', 'of all threads')}`
  )
} finally {
  await host.close()
  clearInterval(awake)
  rmSync(folder, { recursive: true, force: true })
}
