// The engine's speed on generated events: normalise, walk and both, as ratios of one JSON.parse of the same text in the same
// warm process; whether time grows linearly; and the heap that a finished run holds with all its snapshots.
import type { JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { codeOf } from '../../src/engine/modules/implementations.ts'
import { runToEnd } from '../../src/engine/run/walk/driver.ts'
import { defaultProfile, profileIds } from '../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../src/engine/profiles/profiles.ts'
import { createRun } from '../../src/engine/run/start.ts'
import type { Surroundings } from '../../src/contract/surroundings.ts'
import { Comparison } from '../../src/engine/run/surroundings/comparison.ts'
import { RunRecorder } from '../../src/engine/run/surroundings/recorder.ts'
import { repeatInput, repeatPorts } from '../../src/engine/run/surroundings/repeat.ts'
import { createWorld } from '../../src/engine/world/create.ts'
import { eventText } from './event.ts'
import workflow from './workflow.json'

declare const gc: (() => void) | undefined

const sizes = process.argv.includes('--quick') ? [100, 1_000, 10_000] : [100, 1_000, 10_000, 100_000]
const collect = (): void => gc?.()
const row: JsonMap = { ...(workflow as unknown as JsonMap), id: '1', counter: '0' }

interface Timed<T> {
  readonly ms: number
  readonly value: T
}

function timed<T>(work: () => T): Timed<T> {
  const start = performance.now()
  const value = work()
  return { ms: performance.now() - start, value }
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

interface Ran {
  readonly events: readonly RunEvent[]
  readonly surroundings: Surroundings | null
}

/** As the app runs it: with what it depends on recorded. `isPlain`: without. */
function run(data: JsonMap, profile: ProfileId = defaultProfile, isPlain = false): Ran {
  const events: RunEvent[] = []
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const input = { workflow: row, data, settings: { 'MISP.host_org_id': 1 }, options: { runId: 'bench', profile } }
  const recorder = isPlain ? undefined : new RunRecorder()
  const ports = { clock, uuid: () => crypto.randomUUID() }
  runToEnd(createRun(input, ports, (event) => events.push(event), recorder))
  return { events, surroundings: recorder?.surroundings() ?? null }
}

const runOnce = (data: JsonMap, profile?: ProfileId): readonly RunEvent[] => run(data, profile).events

/** A run as it was, out of its surroundings. */
function repeatOnce({ events, surroundings }: Ran): readonly RunEvent[] {
  if (surroundings === null) throw new Error('nothing was recorded')
  const again: RunEvent[] = []
  const input = { ...repeatInput(surroundings), workflow: row }
  const comparison = new Comparison(events, { was: 'bench', is: 'bench' })
  const ports = repeatPorts({ surroundings, events })
  const options = { ...input.options, runId: 'bench' }
  runToEnd(
    createRun({ ...input, options }, ports, (event) => {
      comparison.take(event)
      again.push(event)
    })
  )
  const [difference] = comparison.afterword()
  if (difference) throw new Error(difference.text)
  return again
}

function mustSucceed(events: readonly RunEvent[]): void {
  const end = events.find((event) => event.type === 'run.finished')
  if (end?.data.outcome !== 'success')
    throw new Error(`the bench run ended as ${end?.data.outcome}: ${end?.data.outcomeText}`)
}

interface Times {
  readonly parse: number
  readonly normalize: number
  readonly both: number
}

/**
 * Medians over repetitions. Parsing, normalising and running have loops of their own, so that each pays for its own garbage; a third
 * more repetitions come first and are not counted.
 */
function measure(text: string, repetitions: number): Times {
  const data = JSON.parse(text) as JsonMap
  const loop = (work: () => unknown): number => {
    collect()
    const times = Array.from({ length: Math.ceil(repetitions * 1.3) }, () => timed(work).ms)
    return median(times.slice(-repetitions))
  }
  mustSucceed(runOnce(data))
  const both = loop(() => runOnce(data))
  const normalize = loop(() => codeOf('2.5.1').normalize('event-publish', data, createWorld({}, data)))
  const parse = loop(() => JSON.parse(text) as unknown)
  return { parse, normalize, both }
}

/** Heap of the parsed event alone, and of a finished run with the event and all events of the run kept. */
function heapRatio(text: string): number {
  const used = (): number => {
    collect()
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = used()
  const data = JSON.parse(text) as JsonMap
  const parsed = used()
  const events = runOnce(data)
  const after = used()
  if (events.length === 0) throw new Error('unreachable: keeps the events alive')
  return (after - before) / (parsed - before)
}

const cell = (value: string | number, width: number): string =>
  (typeof value === 'number' ? value.toFixed(2) : value).padStart(width)

// The first runs warm the code; small events alone would leave it unoptimised.
for (let i = 0; i < 5; i++) runOnce(JSON.parse(eventText(2_000)) as JsonMap)
console.log('times in ms (medians); ratios to JSON.parse of the same text')
const columns = [
  'attributes',
  'parse',
  'normalise',
  'walk',
  'both',
  'norm/parse',
  'walk/parse',
  'both/parse',
  'us/attr',
  'heap/event'
]
console.log(columns.map((name) => cell(name, 11)).join(''))
const perAttribute: number[] = []
for (const size of sizes) {
  const text = eventText(size)
  const { parse, normalize, both } = measure(text, size >= 100_000 ? 5 : size >= 10_000 ? 15 : 31)
  const walk = Math.max(0, both - normalize)
  perAttribute.push((both * 1000) / size)
  const numbers = [
    parse,
    normalize,
    walk,
    both,
    normalize / parse,
    walk / parse,
    both / parse,
    (both * 1000) / size,
    heapRatio(text)
  ]
  console.log(cell(String(size), 11) + numbers.map((n) => cell(n, 11)).join(''))
}
const growth = (perAttribute.at(-1) ?? 0) / (perAttribute.at(-2) ?? 1)
console.log(
  `time per attribute grows by ${growth.toFixed(2)} from ${sizes.at(-2)} to ${sizes.at(-1)} attributes (1 is linear)`
)

/** Milliseconds that this process had a core for: what others do on the machine is not in it. */
function ownTime(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** What another version costs beside the default one: runs of both take turns, so that a busy machine slows both. */
function costOf(profile: ProfileId, data: JsonMap, turns: number): number {
  mustSucceed(runOnce(data, profile))
  const round = (turn: number): number => {
    const once = (id: ProfileId): number => ownTime(() => runOnce(data, id))
    if (turn % 2 === 0) return once(profile) / once(defaultProfile)
    const base = once(defaultProfile)
    return once(profile) / base
  }
  const rounds = Array.from({ length: turns + 10 }, (_, turn) => round(turn))
  return median(rounds.slice(10))
}

const compared = JSON.parse(eventText(10_000)) as JsonMap

/** What one costs beside the other: they take turns, so that a busy machine slows both. */
function ratioOf(one: () => unknown, other: () => unknown, turns: number): number {
  const rounds = Array.from({ length: turns + 5 }, (_, turn) => {
    if (turn % 2 === 0) return timed(one).ms / timed(other).ms
    const base = timed(other).ms
    return timed(one).ms / base
  })
  return median(rounds.slice(5))
}

for (const size of sizes.filter((size) => size >= 1_000)) {
  const data = JSON.parse(eventText(size)) as JsonMap
  const turns = process.argv.includes('--quick') || size >= 100_000 ? 11 : 41
  const recorded = ratioOf(
    () => run(data),
    () => run(data, defaultProfile, true),
    turns
  )
  const original = run(data)
  const repeated = ratioOf(
    () => repeatOnce(original),
    () => run(data, defaultProfile, true),
    turns
  )
  console.log(
    `${size} attributes: recording takes ${recorded.toFixed(3)} of the time of a plain run, a repeat ${repeated.toFixed(2)}`
  )
}
for (const profile of profileIds.filter((id) => id !== defaultProfile)) {
  const cost = costOf(profile, compared, process.argv.includes('--quick') ? 15 : 61)
  console.log(`${profile} takes ${cost.toFixed(2)} of the time of ${defaultProfile} (10,000 attributes)`)
}
if (typeof gc !== 'function') console.log('heap figures are rough: run with node --expose-gc')
