// Requests as other tools keep them (request bins, proxies, MISP's own listener), as posts. What a tool does not keep is not made up,
// but for the path of a body that came without one: its kind and its module stand in the body itself.
import { isUnknownMap } from '../../../../contract/json.ts'
import { CodedError } from '../../../../contract/errors.ts'
import type { RawPost } from '../../understand/ndjson.ts'
import { isTime, maxMetaBytes, type PostMeta } from '../../journal/segments.ts'

export interface ForeignRequest {
  /** Milliseconds; null where the tool does not say. */
  readonly at: number | null
  readonly method: string
  /** An address or a path with its query; null where only the body is known. */
  readonly target: string | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** The trigger of posts whose path is not known, unless somebody says it. */
const unknownTrigger = 'unknown'

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** A body of a debug post: what MISP posts says what it is about, but not for which trigger, and not how it came out. */
export const isDebugBody = (value: unknown): value is Record<string, unknown> =>
  isUnknownMap(value) && isUnknownMap(value['source']) && 'node_id' in value['source'] && Object.hasOwn(value, 'data')

function targetOfBody(body: unknown, trigger: string): string {
  if (!isDebugBody(body)) return '/'
  const { data, source } = body
  const module = textOf((source as Record<string, unknown>)['module_id'])
  if (module !== '') return `/${encodeURIComponent(trigger)}/exec/${encodeURIComponent(module)}`
  return `/${encodeURIComponent(trigger)}/${isUnknownMap(data) && 'executed_nodes' in data ? 'end' : 'init'}`
}

/** MISP's clock, to the second. */
const timeOfBody = (body: unknown): number => Date.parse(isUnknownMap(body) ? textOf(body['timestamp']) : '')

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

const fits = (meta: PostMeta): boolean => Buffer.byteLength(JSON.stringify(meta)) <= maxMetaBytes

/** The body is shown unpacked, and may be written anew. */
const changedByTools = /^(?:content-encoding|transfer-encoding|content-length)$/i

/**
 * Posts in the order in which they were sent.
 * @param name of the file for people.
 * @param trigger of those whose path is not known.
 * Throws INPUT_TOO_LARGE for an address that could not be read again.
 */
export function* postsOfRequests(
  requests: Iterable<ForeignRequest>,
  name: string,
  trigger = unknownTrigger
): Generator<RawPost> {
  let last = Date.UTC(2024, 0, 1)
  for (const { at, method, target, headers, body } of requests) {
    const known = target === null || at === null ? parsed(body) : null
    const time = at ?? timeOfBody(known)
    last = isTime(time) ? time : last
    const kept = headers.filter(([name]) => !changedByTools.test(name))
    const meta = { at: last, source: 'default', method, target: target ?? targetOfBody(known, trigger), headers: kept }
    // Headers of a proxy may be long; nothing of a post is understood by them.
    const fitting = [meta, { ...meta, headers: [] }].find(fits)
    if (fitting === undefined)
      throw new CodedError('INPUT_TOO_LARGE', `${name}: the address or method of a request is too long.`, {
        file: name
      })
    yield { meta: fitting, body }
  }
}
