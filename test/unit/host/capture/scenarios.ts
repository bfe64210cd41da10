// The situations in which grouping is scored: which recorded runs take part, and how their posts come in. Seeds make them repeatable.
import { buildGraph, type GraphIndex } from '../../../../src/host/capture/group/graph.ts'
import { random, type StreamOptions } from './interleave.ts'
import { recordedRuns, type RecordedRun, type StreamPost } from './recorded-runs.ts'

export interface Scenario {
  readonly name: string
  /** How many seeds make sense: a run each, or random draws. */
  readonly seeds: number
  readonly make: (seed: number) => StreamOptions
}

/** The graphs of the workflows that take part, by trigger. */
export function graphsOf(list: readonly RecordedRun[]): Map<string, GraphIndex[]> {
  const graphs = new Map<string, GraphIndex[]>()
  for (const workflow of new Set(list.map((run) => JSON.stringify(run.workflow)))) {
    const built = buildGraph(JSON.parse(workflow))
    if (built !== null) graphs.set(built.trigger, [...(graphs.get(built.trigger) ?? []), built.graph])
  }
  return graphs
}

/** What a run is about: the data of its init post. */
const inputs = new WeakMap<RecordedRun, string>()
function eventOf(run: RecordedRun): string {
  const known = inputs.get(run)
  if (known !== undefined) return known
  const { normalized } = (JSON.parse(run.posts[0]!.body) as { data: { normalized: { Event?: { uuid?: string } } } })
    .data
  const event = normalized.Event?.uuid ?? JSON.stringify(normalized)
  inputs.set(run, event)
  return event
}

const rewrite = (run: RecordedRun, change: (body: string) => string, name: string): RecordedRun => {
  const each = (posts: readonly StreamPost[]): StreamPost[] =>
    posts.map((post) => ({ ...post, body: change(post.body) }))
  return {
    ...{ ...run, id: `${run.id}~${name}`, posts: each(run.posts) },
    branches: run.branches.map(({ after, posts }) => ({ after, posts: each(posts) }))
  }
}

/** The same run over another event: other ids, the rest equal. */
function overOther(run: RecordedRun, n: number): RecordedRun {
  if (n === 0) return run
  const uuid = eventOf(run)
  if (!/^[0-9a-f-]{36}$/.test(uuid)) return run
  const other = uuid.slice(0, -4) + (0x1000 + n).toString(16)
  const id = /"Event":\{"id":"(\d+)"/.exec(run.posts[0]!.body)?.[1] ?? '-'
  return rewrite(
    run,
    (body) => body.replaceAll(uuid, other).replaceAll(new RegExp(`"(id|event_id)":"${id}"`, 'g'), `"$1":"${9000 + n}"`),
    `event${n}`
  )
}

/** The same event, edited in between: another title. */
function edited(run: RecordedRun, n: number): RecordedRun {
  if (n === 0) return run
  return rewrite(run, (body) => body.replaceAll('"info":"Mini event"', `"info":"Mini event, version ${n}"`), `edit${n}`)
}

/** The same run with `/debug/<module>` posts in it, which a module sends before it answers. */
function withDebugPosts(run: RecordedRun): RecordedRun {
  const posts = run.posts.flatMap((post): StreamPost[] => {
    const exec = /^(.*)\/exec\/([^?]+)\?/.exec(post.target)
    if (exec === null || !/^(webhook|push-zmq|oracle-.*)$/.test(exec[2]!)) return [post]
    const body = JSON.parse(post.body) as { source: unknown; timestamp: string }
    const data = { asked: exec[2], answer: { code: 200 } }
    return [
      {
        at: 0,
        target: `${exec[1]}/debug/${exec[2]}`,
        body: JSON.stringify({ source: body.source, timestamp: body.timestamp, data })
      },
      post
    ]
  })
  return { ...run, posts }
}

const all = recordedRuns()
const longer = all.filter((run) => run.posts.length > 2)
const branched = all.filter((run) => run.branches.length > 0)
const pick = <T>(list: readonly T[], next: () => number): T => list[Math.floor(next() * list.length)]!
const copies = (run: RecordedRun, n: number): RecordedRun[] => new Array<RecordedRun>(n).fill(run)
const mainTriggers = ['event-publish', 'event-after-save']
const sameTrigger = (next: () => number): RecordedRun[] => {
  const trigger = pick(mainTriggers, next)
  return longer.filter((run) => run.trigger === trigger)
}

function distinct(seed: number, keyOf: (run: RecordedRun) => string, most: number, from = all): RecordedRun[] {
  const next = random(seed)
  const used = new Set<string>()
  const chosen: RecordedRun[] = []
  for (let i = 0; i < 400 && chosen.length < most; i++) {
    const run = overOther(pick(from, next), Math.floor(next() * 6))
    if (used.has(keyOf(run))) continue
    used.add(keyOf(run))
    chosen.push(run)
  }
  return chosen
}

const plain = (name: string, seeds: number, make: (seed: number) => Omit<StreamOptions, 'seed'>): Scenario => ({
  name,
  seeds,
  make: (seed) => ({ seed, ...make(seed) })
})

export const scenarios: readonly Scenario[] = [
  plain('alone', all.length, (seed) => ({ runs: [all[seed % all.length]!], atOnce: 1, jobs: true })),
  plain('differ in event or trigger', 60, (seed) => ({
    runs: distinct(seed, (run) => `${run.trigger} ${eventOf(run)}`, 8),
    atOnce: 8,
    jobs: seed % 2 === 0
  })),
  plain('one trigger, 8 events', 60, (seed) => {
    const from = sameTrigger(random(seed))
    return { runs: distinct(seed, eventOf, 8, from), atOnce: 8, jobs: seed % 2 === 0 }
  }),
  plain('one workflow, 8 events', 60, (seed) => {
    const run = longer[(seed * 7) % longer.length]!
    return { runs: Array.from({ length: 8 }, (_, i) => overOther(run, i)), atOnce: 8, jobs: true }
  }),
  plain('one workflow, event edited in between', 60, (seed) => {
    const run = longer[(seed * 7) % longer.length]!
    return { runs: Array.from({ length: 8 }, (_, i) => edited(run, i % 3)), atOnce: 8, jobs: true }
  }),
  ...[2, 3, 5, 8].map((n) =>
    plain(`${n} copies`, n === 8 ? longer.length : 60, (seed) => ({
      runs: copies(longer[seed % longer.length]!, n),
      atOnce: n
    }))
  ),
  plain('24 copies, 8 at once', 30, (seed) => ({ runs: copies(longer[(seed * 11) % longer.length]!, 24), atOnce: 8 })),
  plain('8 copies, one second', 60, (seed) => ({ runs: copies(longer[seed % longer.length]!, 8), atOnce: 8, tick: 0 })),
  plain('8 copies, some cut', longer.length, (seed) => ({
    runs: copies(longer[seed % longer.length]!, 8),
    atOnce: 8,
    cut: 0.3
  })),
  plain('8 copies, some headless', 60, (seed) => ({
    runs: copies(longer[seed % longer.length]!, 8),
    atOnce: 8,
    headless: 0.3
  })),
  plain('8 copies, branches', 48, (seed) => ({
    runs: copies(branched[seed % branched.length]!, 8),
    atOnce: 8,
    jobs: true
  })),
  plain('8 copies, late branches', 48, (seed) => ({
    ...{ runs: copies(branched[seed % branched.length]!, 8), atOnce: 8, jobs: true, late: true }
  })),
  plain('8 copies, late branches, some cut', 48, (seed) => ({
    ...{ runs: copies(branched[seed % branched.length]!, 8), atOnce: 8, jobs: true, late: true, cut: 0.3 }
  })),
  plain('8 copies, debug posts', 60, (seed) => ({
    runs: copies(withDebugPosts(longer[seed % longer.length]!), 8),
    atOnce: 8
  })),
  plain('one workflow, run over and over', 20, (seed) => ({
    ...{ runs: copies(longer[(seed * 13) % longer.length]!, 40), atOnce: 5, cut: 0.1, jobs: true }
  })),
  plain('2 workflows of a trigger, one event', 60, (seed) => {
    const next = random(seed)
    const from = sameTrigger(next).filter((run, _, list) => eventOf(run) === eventOf(list[0]!))
    const two = [pick(from, next), pick(from, next)]
    return { runs: Array.from({ length: 8 }, () => pick(two, next)), atOnce: 8 }
  }),
  plain('8 workflows of a trigger, one event', 60, (seed) => {
    const next = random(seed)
    const from = sameTrigger(next).filter((run, _, list) => eventOf(run) === eventOf(list[0]!))
    return { runs: Array.from({ length: 8 }, () => pick(from, next)), atOnce: 8 }
  }),
  plain('4 workflows of a trigger, one event, 24 runs, some cut', 30, (seed) => {
    const next = random(seed)
    const from = sameTrigger(next).filter((run, _, list) => eventOf(run) === eventOf(list[0]!))
    const four = [1, 2, 3, 4].map(() => pick(from, next))
    return { runs: Array.from({ length: 24 }, () => pick(four, next)), atOnce: 8, cut: 0.1, jobs: seed % 2 === 0 }
  }),
  plain('nested runs', 30, (seed) => {
    const next = random(seed)
    const nested = all.filter(({ id }) => id.includes('-enrich-nested-'))
    return { runs: Array.from({ length: 6 }, (_, i) => overOther(pick(nested, next), i)), atOnce: 6 }
  }),
  plain('anything', 60, (seed) => {
    const next = random(seed)
    return { runs: Array.from({ length: 16 }, () => pick(all, next)), atOnce: 8, cut: 0.1, jobs: true }
  })
]
