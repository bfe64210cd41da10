// Grouping of a file of posts without a workspace: `retrace import FILE`.
import { createReadStream } from 'node:fs'
import { CodedError } from '../../../contract/errors.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { linesOf } from '../../store/lines.ts'
import { mostBytes } from '../../store/reading.ts'
import { computeBranch } from '../understand/branch.ts'
import { buildGraph, type GraphIndex } from '../group/graph.ts'
import { groupPosts, type GroupingResult, type KnownGraphs } from '../group/all.ts'
import { parsePostLine, withoutMark, type NumberedPost } from '../understand/ndjson.ts'
import { parsePost, summarize, type PostSummary } from '../understand/post-parse.ts'

const portionBytes = 256 * 1024

/**
 * Posts of an NDJSON file with their line numbers, in lists: handing over each for itself takes longer than parsing it. Throws INPUT_TOO_LARGE for
 * a line that no text can hold, and as `parsePostLine` does, once what came before it was given.
 */
export async function* postsOfFile(
  file: string,
  /** For people. */
  name = file,
  { most = mostBytes, told }: { readonly most?: number; readonly told?: (bytes: number) => void } = {}
): AsyncGenerator<readonly NumberedPost[]> {
  let number = 0
  const tooLong = (before: number): CodedError => {
    const place = `line ${before + 1}`
    return new CodedError('INPUT_TOO_LARGE', `${name}: ${place} has more than ${most} bytes.`, { file: name, place })
  }
  for await (const lines of linesOf(chunksOf(file, told), most, tooLong)) {
    const posts: NumberedPost[] = []
    try {
      for (const line of lines) {
        number++
        if (line.trim() !== '') posts.push(parsePostLine(number === 1 ? withoutMark(line) : line, name, number))
      }
    } catch (error) {
      if (posts.length > 0) yield posts
      throw error
    }
    if (posts.length > 0) yield posts
  }
}

/** `told`: how many bytes have been read. */
async function* chunksOf(file: string, told?: (bytes: number) => void): AsyncGenerator<Buffer> {
  let read = 0
  for await (const chunk of createReadStream(file, { highWaterMark: portionBytes }) as AsyncIterable<Buffer>) {
    told?.((read += chunk.length))
    yield chunk
  }
}

/** Groups posts; a post's `seq` is its number. */
export async function groupStream(
  posts: AsyncIterable<NumberedPost>,
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
