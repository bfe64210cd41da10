// Makes streams of posts out of recorded runs, as several MISP processes would send them at the same time, and knows which post
// belongs to which run. Seeds make a stream repeatable.
import { encodePosts, type RecordedRun, type StreamPost } from './recorded-runs.ts'

interface TrueRun {
  readonly key: string
  readonly lines: number[]
  /** Key of the run inside which this one ran. */
  readonly parent: string | null
}

export interface Stream {
  readonly posts: readonly StreamPost[]
  readonly runs: readonly TrueRun[]
}

export interface StreamOptions {
  readonly seed: number
  /** The recordings to take part, one entry per run; the same one may stand there several times. */
  readonly runs: readonly RecordedRun[]
  /** Most runs under way at once. */
  readonly atOnce: number
  /** Share of runs that end before their time (PHP Error) at a random post. */
  readonly cut?: number
  /** Share of runs of which the first posts were not seen (capture began later). */
  readonly headless?: number
  /** Whether concurrent branches post (MISP 2.5.1 with debug on does not). */
  readonly jobs?: boolean
  /** Whether concurrent branches begin after the walk's last post; else right after the task's post. */
  readonly late?: boolean
  /** Chance that the clock goes on by a second between two posts. */
  readonly tick?: number
}

/** A small repeatable generator (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Strand {
  readonly run: string
  rest: { post: StreamPost; run: string }[]
  /** Lists of posts that begin once this strand has passed them (concurrent branches). */
  readonly branches: { after: StreamPost; posts: StreamPost[] }[]
  /** Branches that were queued and have not begun. */
  readonly due: { after: StreamPost; posts: StreamPost[] }[]
}

/** Splits a recording into the runs in it: a nested run stands between two posts of its parent. */
function strandsOf(
  recorded: RecordedRun,
  key: string,
  parents: Map<string, string | null>
): { post: StreamPost; run: string }[] {
  const open: string[] = []
  let nested = 0
  return recorded.posts.map((post) => {
    const isInit = /\/init\?/.test(post.target)
    if (isInit) {
      const name = open.length === 0 && nested === 0 ? key : `${key}/${++nested}`
      parents.set(name, open.at(-1) ?? null)
      open.push(name)
    }
    const run = open.at(-1) ?? key
    if (/\/end\?/.test(post.target)) open.pop()
    return { post, run }
  })
}

export function interleave({
  seed,
  runs,
  atOnce,
  cut = 0,
  headless = 0,
  jobs = false,
  late = false,
  tick = 0.3
}: StreamOptions): Stream {
  const next = random(seed)
  const parents = new Map<string, string | null>()
  const waiting: Strand[] = runs.map((recorded, i) => {
    const key = `${i}:${recorded.id}`
    let rest = strandsOf(recorded, key, parents)
    const nests = rest.some(({ run }) => run !== key)
    if (!nests && next() < cut) rest = rest.slice(0, 1 + Math.floor(next() * (rest.length - 1)))
    if (!nests && headless > 0 && next() < headless) rest = rest.slice(1 + Math.floor(next() * (rest.length - 1)))
    const branches = jobs
      ? recorded.branches.map(({ after, posts }) => ({ after: recorded.posts[after]!, posts: [...posts] }))
      : []
    return { run: key, rest, branches, due: [] }
  })
  const active: Strand[] = []
  const posts: StreamPost[] = []
  const lines = new Map<string, number[]>()
  let clock = Date.UTC(2025, 2, 3, 10, 0, 0)
  while (waiting.length > 0 || active.length > 0) {
    while (waiting.length > 0 && active.length < atOnce && (active.length === 0 || next() < 0.7))
      active.push(waiting.shift()!)
    const strand = active[Math.floor(next() * active.length)]!
    const { post, run } = strand.rest.shift()!
    clock += next() < tick ? 1000 : Math.floor(next() * 30)
    posts.push(encodePosts(post, clock))
    lines.set(run, [...(lines.get(run) ?? []), posts.length])
    const due = strand.branches.filter(({ after }) => after === post)
    strand.due.push(...due)
    if (!late || strand.rest.length === 0) {
      for (const branch of strand.due.splice(0))
        active.push({ run, rest: branch.posts.map((p) => ({ post: p, run })), branches: [], due: [] })
    }
    if (strand.rest.length === 0) active.splice(active.indexOf(strand), 1)
  }
  return { posts, runs: [...lines].map(([key, list]) => ({ key, lines: list, parent: parents.get(key) ?? null })) }
}
