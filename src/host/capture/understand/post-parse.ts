// A raw post becomes a parsed post, and a parsed post a summary small enough to keep thousands of them for grouping. What cannot be
// understood stays raw: kind `unknown`, with the reason.
import { CodedError, type ErrorCode } from '../../../contract/errors.ts'
import type { PostMeta } from '../journal/segments.ts'
import { readJson } from './post-body.ts'
import { parseTarget, type PostKind } from '../listen/post-target.ts'
import { digestList, hashKnowing, hashText, hashWithout, mix, structuralHash, type Digests } from './structural-hash.ts'
import { inputsOf, nodeKeyOf, savedNodeKey } from '../group/graph.ts'
import { isUnknownMap } from '../../../contract/json.ts'

export interface ParsedPost {
  readonly kind: PostKind
  readonly trigger: string
  /** What MISP appends to the debug URL: `/event-publish/exec/tag-if`. */
  readonly path: string
  /** The debug URL's own path and query. */
  readonly from: string
  readonly moduleId: string
  /** exec: the node's result; init: `blocking` or `non-blocking`; end: the outcome. */
  readonly result: string
  readonly message: string
  /** `""` on init and end. Node ids are numbers or strings. */
  readonly nodeId: string
  readonly filters: unknown
  readonly parameters: unknown
  /** As MISP wrote it (`date("c")`), and in Unix seconds. */
  readonly timestamp: string
  readonly time: number | null
  readonly data: unknown
  readonly errors: unknown
  /** Who started the run, where MISP says so (`initiator_user_id`); null where it does not. */
  readonly initiator: string | null
  /** Why the post is not understood. */
  readonly problem?: PostProblem
}

export interface PostProblem {
  readonly code: ErrorCode
  readonly message: string
}

/** How two data are told apart and recognised again. */
export interface DataSignature {
  /** Of the data without what filters and concurrent tasks add to it. */
  readonly hash: number
  /** Of `_unfilteredData`, while filters are on. */
  readonly unfiltered: number | null
  /** Of `enabledFilters`. */
  readonly filters: number | null
  readonly digests: Float64Array
  /** Hashes of `Event.uuid=…` and the like, by path. */
  readonly ids: readonly (readonly [path: string, value: string])[]
}

export interface PostSummary {
  readonly seq: number
  readonly at: number
  readonly opened: number | null
  readonly source: string
  /** The debug URL's own part of the target: posts of one run share it. */
  readonly from: string
  readonly kind: PostKind
  readonly trigger: string
  readonly moduleId: string
  readonly nodeId: string
  readonly result: string
  readonly time: number | null
  readonly bytes: number
  /** Equal for posts that are equal but for their timestamp. */
  readonly equal: number
  readonly data: DataSignature | null
  /** The node as its posts and its saved form both show it: id, module, filters and parameters. */
  readonly key: string
  /** end: keys of the action nodes that were handed out, in order, and of those that failed. */
  readonly executed: readonly string[] | null
  readonly failed: readonly string[] | null
  /** end: hashes of those nodes as they are saved, whole. */
  readonly prints: readonly number[] | null
  /** end: for each of them the ids of the nodes before it. */
  readonly inputs: readonly (readonly string[])[] | null
  readonly errorCount: number
  /** Logic nodes: the branch that MISP's module takes on this data, when it could be computed. */
  readonly branch: 'output_1' | 'output_2' | null
  readonly label: EventLabel | null
}

/** What a run is about, for lists. */
export interface EventLabel {
  readonly id: string
  readonly uuid: string
  readonly info: string
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

interface Place {
  readonly path: string
  readonly from: string
}

function placeOf({ kind, trigger, moduleId, prefix, queryPrefix }: ReturnType<typeof parseTarget>): Place {
  const path = `/${trigger}/${kind === 'exec' || kind === 'debug' ? `${kind}/${moduleId}` : kind}`
  return { path, from: [...prefix, '', ...queryPrefix].join('/') }
}

interface Addressed {
  readonly target: ReturnType<typeof parseTarget>
  readonly place: Place
}

/** A MISP posts to few targets, thousands of times: they are taken apart once. Long ones are texts of exceptions, which do not come again. */
const addressed = new Map<string, Addressed>()
const mostAddressed = 1000
const longTarget = 300

export function addressOf(text: string): Addressed {
  const known = addressed.get(text)
  if (known !== undefined) return known
  const target = parseTarget(text)
  const one = { target, place: placeOf(target) }
  if (text.length > longTarget) return one
  if (addressed.size >= mostAddressed) addressed.clear()
  addressed.set(text, one)
  return one
}

/** A post of which no more is known than where it was sent to. */
export function unknownPost(meta: Pick<PostMeta, 'target'>, problem: PostProblem): ParsedPost {
  const { target, place } = addressOf(meta.target)
  const { trigger, moduleId } = target
  return {
    ...place,
    ...{ kind: 'unknown', trigger, moduleId, result: '', message: '', nodeId: '', filters: '', parameters: '' },
    ...{ timestamp: '', time: null, data: null, errors: null, initiator: null, problem }
  }
}

/** Parses a post. Never throws: what is wrong is the `problem` of an unknown post. */
export function parsePost(meta: Pick<PostMeta, 'headers' | 'target'>, body: Buffer): ParsedPost {
  const { target, place } = addressOf(meta.target)
  const { kind } = target
  const unknown = (message: string, code: ErrorCode = 'POST_NOT_UNDERSTOOD'): ParsedPost =>
    unknownPost(meta, { code, message })
  if (kind === 'unknown') return unknown('The path is not that of a debug post.')
  let json: unknown
  try {
    json = readJson(meta, body)
  } catch (error) {
    if (error instanceof CodedError) return unknown(error.message, error.code)
    return unknown(error instanceof Error ? error.message.slice(0, 200) : 'unreadable', 'INPUT_TOO_LARGE')
  }
  if (!isUnknownMap(json) || !isUnknownMap(json['source']) || !Object.hasOwn(json, 'data'))
    return unknown('The body is JSON, but not that of a debug post.')
  const { source } = json as { source: Record<string, unknown> }
  const timestamp = textOf(json['timestamp'])
  const time = Date.parse(timestamp)
  return {
    kind,
    ...place,
    trigger: target.trigger,
    moduleId: target.moduleId || textOf(source['module_id']),
    result: target.result,
    message: target.message,
    nodeId: textOf(source['node_id']),
    filters: source['filters'],
    parameters: source['parameters'],
    timestamp,
    time: Number.isNaN(time) ? null : time / 1000,
    data: json['data'],
    errors: json['errors'] ?? null,
    initiator: Object.hasOwn(json, 'initiator_user_id') ? textOf(json['initiator_user_id']) : null
  }
}

/** Keys that the walk adds to roaming data and takes away again. */
const walkKeys = new Set(['enabledFilters', '_unfilteredData', '__node_id_to_exec'])

function signData(data: unknown): { readonly signature: DataSignature; readonly whole: number } {
  const digests: Digests = new Map()
  const { rest, whole } = hashWithout(data, walkKeys, digests)
  const map = isUnknownMap(data) ? data : {}
  const signature: DataSignature = {
    hash: rest,
    unfiltered: Object.hasOwn(map, '_unfilteredData') ? hashWithout(map['_unfilteredData'], walkKeys).rest : null,
    filters: Object.hasOwn(map, 'enabledFilters') ? structuralHash(map['enabledFilters']) : null,
    digests: digestList(digests),
    ids: identities(map)
  }
  return { signature, whole }
}

/** Of the whole data, not of the signature: what the walk adds to it tells posts apart, too. */
function hashOfData({ kind, data }: ParsedPost, roaming: number | null): number {
  if (roaming === null) return structuralHash(data)
  if (kind !== 'init') return roaming
  return isUnknownMap(data) && Object.hasOwn(data, 'normalized')
    ? hashKnowing(data, 'normalized', roaming)
    : structuralHash(data)
}

/** `id` and `uuid` of the top level and of the maps right below it. */
function identities(data: Record<string, unknown>): [string, string][] {
  const found: [string, string][] = []
  const take = (path: string, map: Record<string, unknown>): void => {
    for (const key of ['uuid', 'id', 'event_id']) {
      const value = Object.hasOwn(map, key) ? textOf(map[key]) : ''
      if (value !== '') found.push([`${path}${key}`, value])
    }
  }
  take('', data)
  for (const key of Object.keys(data).slice(0, 50)) {
    const value = data[key]
    if (isUnknownMap(value) && !walkKeys.has(key)) take(`${key}.`, value)
  }
  return found
}

/** The nodes in an end post, whole. */
const nodesIn = (list: unknown): unknown[] =>
  Array.isArray(list) ? (list as unknown[]) : isUnknownMap(list) ? Object.values(list) : []

/** Keys of the nodes in an end post: ids alone are the same in many workflows. */
const nodeKeys = (list: unknown): string[] => nodesIn(list).map(savedNodeKey)

function labelOf(data: unknown): EventLabel | null {
  const event = isUnknownMap(data) && isUnknownMap(data['Event']) ? data['Event'] : null
  if (event === null) return null
  return { id: textOf(event['id']), uuid: textOf(event['uuid']), info: textOf(event['info']).slice(0, 200) }
}

/** The data that a run goes on with after a post. */
export const roamingOf = (post: ParsedPost): unknown =>
  post.kind === 'init' ? (isUnknownMap(post.data) ? (post.data['normalized'] ?? null) : null) : post.data

const countErrors = (errors: unknown): number =>
  Array.isArray(errors) ? errors.length : isUnknownMap(errors) ? Object.keys(errors).length : errors === null ? 0 : 1

export interface Arrival {
  readonly seq: number
  readonly meta: Pick<PostMeta, 'at' | 'opened' | 'source' | 'target' | 'headers'>
  readonly bytes: number
}

/** Summarises a parsed post. `branchOf` computes a logic node's branch where the engine can. */
export function summarize(
  { seq, meta, bytes }: Arrival,
  post: ParsedPost,
  branchOf?: (post: ParsedPost) => 'output_1' | 'output_2' | null
): PostSummary {
  const end = post.kind === 'end' && isUnknownMap(post.data) ? post.data : null
  const roaming = roamingOf(post)
  const hasData = post.kind === 'init' || post.kind === 'exec' || post.kind === 'debug'
  const signed = hasData ? signData(roaming) : null
  let equal = mix(hashText(meta.target), structuralHash([post.nodeId, post.filters, post.parameters, post.errors]))
  equal = mix(equal, post.kind === 'unknown' ? seq : hashOfData(post, signed?.whole ?? null))
  const data = signed?.signature ?? null
  return {
    ...{
      seq,
      at: meta.at,
      opened: meta.opened ?? null,
      source: meta.source,
      from: post.from,
      kind: post.kind,
      trigger: post.trigger
    },
    ...{ moduleId: post.moduleId, nodeId: post.nodeId, result: post.result, time: post.time, bytes, equal, data },
    key: nodeKeyOf(post.nodeId, post.moduleId, post.filters, post.parameters),
    executed: end === null ? null : nodeKeys(end['executed_nodes']),
    failed: end === null ? null : nodeKeys(end['blocking_nodes']),
    prints: end === null ? null : nodesIn(end['executed_nodes']).map((node) => structuralHash(node)),
    inputs: end === null ? null : nodesIn(end['executed_nodes']).map(inputsOf),
    errorCount: countErrors(post.errors),
    branch: post.kind === 'exec' ? (branchOf?.(post) ?? null) : null,
    label: hasData ? labelOf(roaming) : null
  }
}
