// From a post's bytes to its JSON, within bounds: whoever reaches the listener may send anything.
import { getHeapStatistics } from 'node:v8'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { CodedError } from '../../../contract/errors.ts'
import { nestsDeeper } from '../../../contract/json-depth.ts'
import type { PostMeta } from '../journal/segments.ts'

type Headers = Pick<PostMeta, 'headers'>

/** MISP compresses nothing; what a proxy compressed is a debug post, and none of those is larger. */
const mostInflated = 64 * 1024 * 1024
/** PHP writes no deeper JSON than this; what does is none of MISP's, and would break whoever walks it. */
const mostLevels = 512
/** Deeper ones are not even parsed. */
const mostParsedLevels = 32_000

const unpackers: Record<string, (body: Buffer) => Buffer> = {
  gzip: (body) => gunzipSync(body, { maxOutputLength: mostInflated }),
  deflate: (body) => {
    // Many senders leave out the wrapper that the RFC asks for: the first byte tells.
    const unpack = body.length > 0 && (body[0]! & 0x0f) === 8 ? inflateSync : inflateRawSync
    return unpack(body, { maxOutputLength: mostInflated })
  },
  br: (body) => brotliDecompressSync(body, { maxOutputLength: mostInflated })
}

/** Names of the encodings that lie on a body, the outermost last. */
const encodingsOf = ({ headers }: Headers): string[] =>
  headers
    .filter(([name]) => /^content-encoding$/i.test(name))
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim().toLowerCase().replace(/^x-/, ''))
    .filter((name) => name !== '' && name !== 'identity')

export const isPacked = (meta: Headers): boolean => encodingsOf(meta).length > 0

const largeBytes = 256 * 1024
/** Large and compressed bodies can take long, and more memory than there is. */
export const isLarge = (meta: Headers, bytes: number): boolean => bytes > largeBytes || isPacked(meta)

/**
 * The body as MISP wrote it: content encodings taken off. Throws POST_ENCODING_INVALID when they are broken, unknown or more than one,
 * and INPUT_TOO_LARGE above 64 MB.
 */
export function decodeBody(meta: Headers, body: Buffer): Buffer {
  const names = encodingsOf(meta)
  const [name] = names
  if (name === undefined) return body
  const unpack = names.length === 1 && Object.hasOwn(unpackers, name) ? unpackers[name] : undefined
  if (unpack === undefined) {
    const shown = names.join(', ').slice(0, 100)
    throw new CodedError('POST_ENCODING_INVALID', `The body’s encoding “${shown}” is not supported.`)
  }
  try {
    return unpack(body)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new CodedError('INPUT_TOO_LARGE', `The body is larger than ${mostInflated >> 20} MB when decompressed.`)
    throw new CodedError('POST_ENCODING_INVALID', `The body is declared as ${name}, but is not.`)
  }
}

function isTooDeep(value: unknown, left = mostLevels): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (left === 0) return true
  for (const key in value) if (isTooDeep((value as Record<string, unknown>)[key], left - 1)) return true
  return false
}

/** What JSON takes in memory, measured at its worst: a comma stands for a slot and a short text, a colon for a key of its own. */
const bytesOfMark = new Map([
  [0x2c, 32],
  [0x3a, 100],
  [0x5b, 70],
  [0x7b, 70]
])
const costs = Uint8Array.from({ length: 256 }, (_, byte) => bytesOfMark.get(byte) ?? 0)
/** Smaller ones fit whatever they hold. */
const smallJson = 4 * 1024 * 1024
/** Of this thread's memory: the rest is for what is made of it. */
const shareOfHeap = 0.6

/** Whether JSON surely fits into memory. JSON.parse cannot be stopped, and a thread that runs out of memory within it ends the process. */
function fitsMemory(json: Buffer): boolean {
  if (json.length <= smallJson) return true
  const most = shareOfHeap * getHeapStatistics().heap_size_limit
  let bytes = json.length
  for (let i = 0; i < json.length && bytes <= most; i++) bytes += costs[json[i]!]!
  return bytes <= most
}

/** The JSON of a body. Throws a CodedError that says why there is none, or none that can be walked. */
export function readJson(meta: Headers, body: Buffer): unknown {
  const plain = decodeBody(meta, body)
  if (!fitsMemory(plain))
    throw new CodedError('INPUT_TOO_LARGE', 'The body needs more memory than allowed: it contains too many values.')
  let text: string
  try {
    text = plain.toString('utf8')
  } catch {
    throw new CodedError('INPUT_TOO_LARGE', 'The body is too large for one text (about 500 MB).')
  }
  const tooDeep = (): CodedError => new CodedError('INPUT_TOO_DEEP', `The body nests deeper than ${mostLevels} levels.`)
  if (nestsDeeper(text, mostParsedLevels)) throw tooDeep()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unreadable'
    throw new CodedError('INPUT_NOT_JSON', `The body is not valid JSON: ${why}`)
  }
  if (isTooDeep(json)) throw tooDeep()
  return json
}
