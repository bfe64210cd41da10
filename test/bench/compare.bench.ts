// Two runs held against each other: aligning 1,000 steps with 1,000, a run of 12,285 steps, and an event of 14,000 attributes that every step
// changes; each against JSON.parse of the two run files. CPU time, the median of several.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { alignRuns } from '../../src/engine/replay/compare/align-runs.ts'
import { compareRuns } from '../../src/engine/replay/compare/compare-runs.ts'
import { matchNodes } from '../../src/engine/replay/compare/match-nodes.ts'
import { OwnValues } from '../../src/engine/replay/compare/own-values.ts'
import { Side } from '../../src/engine/replay/compare/side.ts'
import type { ComparedRun } from '../../src/engine/replay/compare/side.ts'
import { stepDifferences } from '../../src/engine/replay/compare/step-differences.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { createRun } from '../../src/engine/run/start.ts'
import { runToEnd } from '../../src/engine/run/walk/driver.ts'
import { readRunFile, writeRunFile } from '../../src/host/runs/run-file.ts'
import { eventText } from './event.ts'
import { chain, diamonds } from './ui-workloads.ts'
import { blankSummary } from '../../src/engine/replay/run-facts.ts'

const quick = process.argv.includes('--quick')
const times = quick ? 3 : 7
const folder = mkdtempSync(join(tmpdir(), 'retrace-bench-'))

/** Milliseconds of CPU time. */
function cpu(work: () => unknown): number {
  const all: number[] = []
  work()
  for (let i = 0; i < times; i++) {
    globalThis.gc?.()
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    all.push((user + system) / 1000)
  }
  return all.sort((a, b) => a - b)[times >> 1] as number
}

interface Stored {
  readonly run: ComparedRun
  readonly text: string
}

let count = 0

/** Runs it, writes it and reads it again: values are shared as in a file. */
async function stored(workflow: JsonMap, data: JsonMap, seconds: number): Promise<Stored> {
  const events: RunEvent[] = []
  const id = `run-${++count}`
  let ids = 0
  const ports = {
    clock: { now: () => seconds * 1000, monotonic: () => 0 },
    uuid: () => `${id.padEnd(8, '0').replace(/\D/g, 'a')}-0000-4000-8000-${String(++ids).padStart(12, '0')}`
  }
  const settings = { 'MISP.host_org_id': 1 }
  const row = workflow['Workflow'] as JsonMap
  const run = createRun({ workflow: row, data, settings, options: { runId: id } }, ports, (event) => events.push(event))
  runToEnd(run)
  const file = join(folder, `${id}.ndjson`)
  await writeRunFile(file, {
    summary: blankSummary(id, new Date(seconds * 1000).toISOString()),
    workflow,
    options: {},
    events,
    surroundings: null
  })
  const read = await readRunFile(file)
  const fold = new RunFold()
  for (const event of read.events) fold.apply(event)
  const clock = { from: seconds, to: seconds }
  return {
    run: { ...{ fold, events: read.events, workflow, rebuilt: false, origin: 'local' }, clock },
    text: readFileSync(file, 'utf8')
  }
}

const parsed = (...files: readonly Stored[]): number =>
  cpu(() =>
    files.map(({ text }) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Json)
    )
  )

function report(what: string, ms: number, base: number, goal: string): void {
  console.log(
    `${what}: ${ms.toFixed(1)} ms, ${(ms / base).toFixed(2)} of JSON.parse of both files (${base.toFixed(1)} ms)${goal}`
  )
}

function measure(what: string, a: Stored, b: Stored, goal = ''): void {
  const base = parsed(a, b)
  const steps = [a, b].map(({ run }) => run.fold.steps.length)
  const own = [a, b].map(({ run }) => new OwnValues(run.clock, () => [])) as [OwnValues, OwnValues]
  console.log(
    `${what}: ${steps.join(' with ')} steps, ${((a.text.length + b.text.length) / 1e6).toFixed(1)} MB of run files`
  )
  const aligning = cpu(() => {
    const [one, other] = [new Side(a.run, own[0], false), new Side(b.run, own[1], false)]
    return alignRuns(one, other, matchNodes(one.graph, other.graph))
  })
  report('  aligning', aligning, base, goal)
  report(
    '  all of the comparison',
    cpu(() => compareRuns(a.run, b.run)),
    base,
    ''
  )
  const compared = compareRuns(a.run, b.run)
  const different = compared.rows.findLast(({ state }) => state === 'different')
  if (different)
    report(
      '  the differences of one line',
      cpu(() => stepDifferences(compared, different)),
      base,
      ''
    )
}

/** Without every so many nodes, and the others in another order at some places. */
function edited(workflow: JsonMap, every: number): JsonMap {
  const copy = structuredClone(workflow) as {
    Workflow: { data: Record<string, { outputs: { output_1: { connections: { node: string }[] } } }> }
  }
  const { data } = copy.Workflow
  for (const id of Object.keys(data)) {
    if (Number(id) < 2 || Number(id) % every !== 0) continue
    const gone = data[id]!
    for (const node of Object.values(data))
      for (const connection of node.outputs.output_1.connections)
        if (connection.node === id && gone.outputs.output_1.connections[0])
          connection.node = gone.outputs.output_1.connections[0].node
    delete data[id]
  }
  return copy as unknown as JsonMap
}

/** A row of nodes that each switch the IDS flag of all attributes. */
function switching(length: number): JsonMap {
  const copy = structuredClone(chain(length)) as { Workflow: { data: Record<string, { data: Record<string, Json> }> } }
  for (const [id, node] of Object.entries(copy.Workflow.data)) {
    if (id === '1') continue
    node.data['id'] = 'attribute_ids_flag_operation'
    node.data['indexed_params'] = { action: Number(id) % 2 === 0 ? 'add' : 'remove' }
  }
  return copy as unknown as JsonMap
}

const eventWith = (attributes: number): JsonMap => JSON.parse(eventText(attributes)) as JsonMap
const renamed = (event: JsonMap): JsonMap => ({ ...event, Event: { ...(event['Event'] as JsonMap), info: 'another' } })

try {
  const small = eventWith(20)
  const thousand = chain(quick ? 200 : 1000)
  const one = await stored(thousand, small, 1_729_512_000)
  const same = await stored(thousand, small, 1_760_000_000)
  measure('the same on another day', one, same, ', goal 2')
  measure('another event', one, await stored(thousand, renamed(small), 1_760_000_000), ', goal 2')
  measure('every 20th node is missing', one, await stored(edited(thousand, 20), small, 1_760_000_000), ', goal 2')
  const long = diamonds(quick ? 7 : 12)
  measure('many ways', await stored(long, small, 1_729_512_000), await stored(long, renamed(small), 1_760_000_000))
  const wide = eventWith(quick ? 2000 : 14_000)
  const changing = switching(quick ? 2 : 4)
  measure(
    'a large event, changed by each step',
    await stored(changing, wide, 1_729_512_000),
    await stored(changing, renamed(wide), 1_760_000_000)
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
