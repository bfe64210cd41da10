import type { Json } from '../contract/json.ts'
import type { RunEvent } from '../contract/run.ts'
import { encodeJson } from '../engine/php/encode.ts'

/** A debug post as a line of captured posts (NDJSON): what the listener would have written, had MISP sent it. */
export function postLine(event: RunEvent, startedAt: number): string {
  if (event.type !== 'post') throw new TypeError('not a post')
  const { method, path, query, body } = event.data.post
  const text = encodeJson(body as unknown as Json)
  const headers = {
    Connection: 'close',
    'User-Agent': 'CakePHP',
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(text))
  }
  const target = query === '' ? path : `${path}?${query}`
  return JSON.stringify({
    at: new Date(startedAt + Math.floor(event.at)).toISOString(),
    source: '',
    method,
    target,
    headers,
    body: text
  })
}
