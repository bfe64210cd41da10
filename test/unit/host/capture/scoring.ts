// Compares grouped runs with the true ones. Posts that are equal but for their timestamp are interchangeable.
import { computeBranch } from '../../../../src/host/capture/understand/branch.ts'
import { Grouping, groupPosts, type GroupingResult, type KnownGraphs } from '../../../../src/host/capture/group/all.ts'
import { findParents } from '../../../../src/host/capture/group/parents.ts'
import {
  parsePost,
  summarize,
  type ParsedPost,
  type PostSummary
} from '../../../../src/host/capture/understand/post-parse.ts'
import { structuralHash } from '../../../../src/host/capture/understand/structural-hash.ts'
import type { Stream } from './interleave.ts'
import type { StreamPost } from './recorded-runs.ts'

export interface Score {
  readonly posts: number
  readonly rightPosts: number
  readonly runs: number
  readonly rightRuns: number
  /** Runs given a confidence of 0.9 or more. */
  readonly sure: number
  readonly sureRight: number
  readonly nested: number
  readonly nestedRight: number
}

/** Computed once per logic node and data, as the posts repeat. */
const branches = new Map<number, 'output_1' | 'output_2' | null>()
function branchOf(post: ParsedPost): 'output_1' | 'output_2' | null {
  const key = structuralHash([post.moduleId, post.result, post.parameters, post.data])
  const known = branches.get(key)
  if (known !== undefined) return known
  const branch = computeBranch(post)
  branches.set(key, branch)
  return branch
}

export function summariesOf(posts: readonly StreamPost[]): {
  readonly summaries: PostSummary[]
  readonly ends: Map<number, unknown>
} {
  const ends = new Map<number, unknown>()
  const summaries = posts.map((post, i) => {
    const meta = { at: post.at, source: 'default', target: post.target, headers: [] }
    const parsed = parsePost(meta, Buffer.from(post.body))
    if (parsed.kind === 'end') ends.set(i + 1, parsed.data)
    return summarize({ seq: i + 1, meta, bytes: post.body.length }, parsed, branchOf)
  })
  return { summaries, ends }
}

const classOf = (lines: readonly number[], summaries: readonly PostSummary[]): string =>
  lines
    .map((line) => summaries[line - 1]!.equal)
    .sort((a, b) => a - b)
    .join()

/** `batch`: all posts are there; `live`: one by one, as the listener hands them on, and nothing says that it is over. */
export type Way = 'batch' | 'live'

/** What the app shows after the last post, when posts came one by one. */
function groupLive(
  posts: readonly PostSummary[],
  known: KnownGraphs,
  ends: ReadonlyMap<number, unknown>
): GroupingResult {
  const grouping = new Grouping(known)
  for (const post of posts) grouping.add(post, ends.get(post.seq))
  const runs = [...grouping.takeSettled(), ...grouping.current()].sort((a, b) => a.id - b.id)
  return { runs, parents: findParents(runs), unassigned: grouping.unassigned }
}

export function score(stream: Stream, known: KnownGraphs, show = false, way: Way = 'batch'): Score {
  const { summaries, ends } = summariesOf(stream.posts)
  const result =
    way === 'live' ? groupLive(summaries, known, ends) : groupPosts(summaries, known, (seq) => ends.get(seq))
  const wanted = new Map<string, string[]>()
  for (const run of stream.runs) {
    const key = classOf(run.lines, summaries)
    wanted.set(key, [...(wanted.get(key) ?? []), run.key])
  }
  const trueOf = new Map<number, string>()
  let [rightPosts, rightRuns, sure, sureRight] = [0, 0, 0, 0]
  for (const run of result.runs) {
    const lines = run.posts.map(({ post }) => post.seq)
    const match = wanted.get(classOf(lines, summaries))?.shift()
    if (run.confidence >= 0.9) sure++
    if (match !== undefined) {
      rightRuns++
      rightPosts += lines.length
      trueOf.set(run.id, match)
      if (run.confidence >= 0.9) sureRight++
    } else if (show) {
      const names = lines.map(
        (line) =>
          `${line}${stream.posts[line - 1]!.target.replace(/^.*?\/(init|exec|end|debug)/, '$1')}#${summaries[line - 1]!.nodeId}`
      )
      console.log('WRONG', run.confidence, run.reason, names.join(' '))
    }
  }
  if (show)
    for (const keys of wanted.values())
      for (const key of keys) console.log('  MISSED', key, stream.runs.find((r) => r.key === key)!.lines.join(' '))
  const nested = stream.runs.filter((run) => run.parent !== null)
  const base = (key: string): string => key.replace(/^\d+:/, '')
  const nestedRight = result.runs.filter((run) => {
    const own = trueOf.get(run.id)
    const parent = own === undefined ? undefined : stream.runs.find((r) => r.key === own)?.parent
    const found = result.parents.get(run.id)
    return (
      parent !== undefined &&
      parent !== null &&
      found !== undefined &&
      base(trueOf.get(found.runId) ?? '') === base(parent)
    )
  }).length
  return {
    ...{ posts: stream.posts.length, rightPosts, runs: stream.runs.length, rightRuns, sure, sureRight },
    ...{ nested: nested.length, nestedRight }
  }
}
