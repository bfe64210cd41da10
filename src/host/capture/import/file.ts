// Grouping of a file of posts without a workspace: `retrace import FILE`.
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { computeBranch } from '../understand/branch.ts'
import { buildGraph, type GraphIndex } from '../group/graph.ts'
import { groupPosts, type GroupingResult, type KnownGraphs } from '../group/all.ts'
import { parsePostLine, readLines, type RawPost } from '../understand/ndjson.ts'
import { parsePost, summarize, type PostSummary } from '../understand/post-parse.ts'

/** Posts of an NDJSON file with their line numbers. */
export async function* postsOfFile(
  file: string,
  /** For people. */
  name = file
): AsyncGenerator<RawPost & { readonly number: number }> {
  for await (const { line, number } of readLines(file, name)) yield { ...parsePostLine(line, name, number), number }
}

/** Groups posts; a post's `seq` is its number. */
export async function groupStream(
  posts: AsyncIterable<RawPost & { readonly number: number }>,
  known: KnownGraphs,
  limits: Partial<Limits> = {}
): Promise<GroupingResult> {
  const summaries: PostSummary[] = []
  const ends = new Map<number, unknown>()
  for await (const { meta, body, number } of posts) {
    const parsed = parsePost(meta, body)
    if (parsed.kind === 'end') ends.set(number, parsed.data)
    summaries.push(summarize({ seq: number, meta, bytes: body.length }, parsed, (post) => computeBranch(post, limits)))
  }
  return groupPosts(summaries, known, (seq) => ends.get(seq))
}

/** Graphs of workflows by their triggers. */
export function graphsOf(workflows: readonly unknown[]): KnownGraphs {
  const graphs = new Map<string, GraphIndex[]>()
  for (const workflow of workflows) {
    const built = buildGraph(workflow)
    if (built === null) continue
    const list = graphs.get(built.trigger)
    if (list === undefined) graphs.set(built.trigger, [built.graph])
    else list.push(built.graph)
  }
  return graphs
}
