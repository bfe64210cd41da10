// Requests in JSON as request bins, tunnels and proxies give them: webhook.site, requestbin and its kin, ngrok's inspector, HAR. They differ in
// names more than in kind.
import { isUnknownMap } from '../../../../contract/json.ts'
import { parseTarget } from '../../listen/post-target.ts'
import { isDebugBody, type ForeignRequest } from './request.ts'

type Map = Record<string, unknown>

/** The first of these that is there. */
function first(map: Map, names: readonly string[]): unknown {
  for (const name of names) if (map[name] !== undefined && map[name] !== null) return map[name]
  return undefined
}

const lists = ['data', 'requests', 'entries', 'items', 'events', 'hits', 'results', 'response', 'records', 'webhooks']
const bodies = [
  'content',
  'body',
  'rawBody',
  'raw_body',
  'bodyRaw',
  'payload',
  'postData',
  'request_payload',
  'raw',
  'text_body',
  'text'
]
const encodedBodies = ['request_payload_base64', 'bodyBase64', 'body_base64', 'rawBase64', 'content_base64']
const targets = ['url', 'uri', 'target', 'path', 'fullPath', 'request_uri', 'pathname']
const times = [
  'startedDateTime',
  'created_at',
  'createdAt',
  'time',
  'timestamp',
  'date',
  'inserted',
  'received_at',
  'receivedAt',
  'start',
  'captured_at_unix_milli',
  'captured_at'
]
const queries = ['query_string', 'queryString', 'querystring', 'query', 'search', 'params']

/** The requests in an export, oldest first; null when it is none. */
export function requestsOf(json: unknown): ForeignRequest[] | null {
  const list = listOf(json)
  if (list === null) return null
  const found = list.map(requestOf)
  if (found.every((request) => request === null)) return null
  // What a browser or a proxy recorded holds logins and much else of its person: debug posts are taken, nothing else.
  const isTaken = isHar(json) ? isDebugPost : () => true
  const requests = found.filter((request) => request !== null && isTaken(request)) as ForeignRequest[]
  if (requests.length === 0) return null
  return isNewestFirst(requests) ? requests.reverse() : requests
}

const isHar = (json: unknown): boolean =>
  isUnknownMap(json) && isUnknownMap(json['log']) && Array.isArray(json['log']['entries'])

const isDebugPost = ({ target }: ForeignRequest): boolean => target !== null && parseTarget(target).kind !== 'unknown'

/** `{log: {entries}}`, `{data: […]}`, a list, or one request. */
function listOf(json: unknown, levels = 2): readonly unknown[] | null {
  if (Array.isArray(json)) return json
  if (!isUnknownMap(json)) return null
  if (isUnknownMap(json['log'])) return listOf(json['log'], levels)
  // What a body tells of may be a list, too.
  const names = isDebugBody(json) ? [] : lists
  if (levels > 0)
    for (const name of names) {
      const inner = json[name]
      if (Array.isArray(inner) && inner.some((item) => isUnknownMap(item))) return inner
    }
  return [json]
}

function requestOf(item: unknown): ForeignRequest | null {
  if (!isUnknownMap(item)) return null
  if (isDebugBody(item))
    return { at: null, method: 'POST', target: null, headers: [], body: Buffer.from(JSON.stringify(item)) }
  const inner = isUnknownMap(item['request']) ? item['request'] : item
  const method = first(inner, ['method', 'httpMethod', 'request_method']) ?? item['method']
  const body = bodyOf(inner)
  if (body === null || (method === undefined && first(inner, targets) === undefined)) return null
  const headers = headersOf(first(inner, ['headers', 'header']))
  return {
    at: timeOf(first(item, times) ?? first(inner, times)),
    method: typeof method === 'string' ? method.toUpperCase() : 'POST',
    target: targetOf(inner),
    headers,
    body
  }
}

/** Base64 is recognised by its name; a body that was parsed already is written anew. */
function bodyOf(map: Map): Buffer | null {
  const encoded = first(map, encodedBodies)
  if (typeof encoded === 'string') return Buffer.from(encoded, 'base64')
  const body = first(map, bodies)
  if (isUnknownMap(body) && ('text' in body || 'mimeType' in body)) {
    const text = typeof body['text'] === 'string' ? body['text'] : ''
    return Buffer.from(text, body['encoding'] === 'base64' ? 'base64' : 'utf8')
  }
  if (typeof body === 'string') return rawBody(body)
  return typeof body === 'object' && body !== null ? Buffer.from(JSON.stringify(body)) : null
}

/** ngrok keeps the whole request in base64, its head too. */
function rawBody(text: string): Buffer {
  if (!/^UE9TVC/.test(text)) return Buffer.from(text)
  const whole = Buffer.from(text, 'base64')
  const end = whole.indexOf('\r\n\r\n')
  return end < 0 ? whole : whole.subarray(end + 4)
}

function targetOf(map: Map): string | null {
  const target = first(map, targets)
  if (typeof target !== 'string' || target === '') return null
  if (target.includes('?')) return target
  const query = queryOf(first(map, queries))
  return query === '' ? target : `${target}?${query}`
}

function queryOf(query: unknown): string {
  if (typeof query === 'string') return query.replace(/^\?/, '')
  const pairs = headersOf(query)
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
}

/** Names and values: of a map (values or lists of them), of `{name, value}`, or of pairs. */
function headersOf(headers: unknown): [string, string][] {
  if (isUnknownMap(headers))
    return Object.entries(headers).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((one): [string, string][] =>
        typeof one === 'string' || typeof one === 'number' ? [[name, String(one)]] : []
      )
    )
  if (!Array.isArray(headers)) return []
  return headers.flatMap((one: unknown): [string, string][] => {
    const [name, value] = Array.isArray(one)
      ? (one as unknown[])
      : isUnknownMap(one)
        ? [first(one, ['name', 'key']), one['value']]
        : []
    return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : []
  })
}

/** Milliseconds of a date or of a number of seconds, milliseconds or more; null for none. Times without a zone are read as UTC. */
export function timeOf(value: unknown): number | null {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{9,19}(?:\.\d+)?$/.test(value)
        ? Number(value)
        : null
  if (number !== null) {
    // A duration, or how many there are: nobody captured a post before 1998.
    if (number < 9e8) return null
    // 1e11 seconds are in the year 5138, 1e11 milliseconds in 1973.
    const milliseconds =
      number < 1e11 ? number * 1000 : number < 1e14 ? number : number < 1e17 ? number / 1000 : number / 1e6
    return Math.round(milliseconds)
  }
  // Date.parse finds a date in any text with a number.
  if (typeof value !== 'string' || !/\d{4}/.test(value)) return null
  const noZone = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(value)
  const time = Date.parse(noZone ? `${value.replace(' ', 'T')}Z` : value)
  return Number.isNaN(time) ? null : time
}

const isNewestFirst = (requests: readonly ForeignRequest[]): boolean => {
  const [one, last] = [requests[0]?.at, requests.at(-1)?.at]
  return typeof one === 'number' && typeof last === 'number' && one > last
}
