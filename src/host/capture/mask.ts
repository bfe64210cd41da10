// Secrets in what MISP posts: parameters of modules that hold tokens, headers of webhooks, and the password in Authorization. Masked
// in views and exports unless somebody asks for them; the stored bytes stay as they came.
import { isSecretParam } from '../../contract/modules.ts'
import { hideTexts, mask, maskGotHeaders, maskUrls, secretsOfParams } from '../../contract/secrets.ts'
import { parseTarget } from './post-target.ts'
import { decodeBody } from './post-parse.ts'
import type { RawPost } from './ndjson.ts'
import { isMap } from './maps.ts'

/** Texts of a post that are written otherwise when it is masked. */
type Changes = ReadonlyMap<string, string>

/** Every text in `value`, at any depth. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* textsIn(item)
}

/** Secrets in a post's nodes (`source.parameters`, and `indexed_params` of the nodes in an end post), and what repeats them. */
function changesOf(body: unknown): Changes {
  const changes = new Map<string, string>()
  const collect = (params: unknown): void => {
    if (!isMap(params)) return
    for (const [key, value] of Object.entries(params)) {
      if (isSecretParam(key)) for (const text of textsIn(value)) changes.set(text, mask)
      else if (typeof value === 'string' && maskUrls(value) !== value) changes.set(value, maskUrls(value))
    }
  }
  if (!isMap(body)) return changes
  const params = isMap(body['source']) ? body['source']['parameters'] : null
  collect(params)
  if (isMap(params)) {
    const texts = secretsOfParams(params as never)
    for (const text of textsIn(body['errors'])) {
      const hidden = String(hideTexts(text, texts))
      if (hidden !== text) changes.set(text, hidden)
    }
  }
  const data = isMap(body['data']) ? body['data'] : {}
  for (const key of ['executed_nodes', 'blocking_nodes'])
    for (const node of isMap(data[key]) || Array.isArray(data[key]) ? Object.values(data[key] as object) : [])
      if (isMap(node) && isMap(node['data'])) collect(node['data']['indexed_params'])
  changes.delete('')
  return changes
}

/** The text as PHP's json_encode writes it inside quotes, with and without escaped slashes and unicode. */
const written = (secret: string): string[] => {
  const plain = JSON.stringify(secret).slice(1, -1)
  const ascii = plain.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [...new Set([plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')])]
}

/** What is no JSON, cut short maybe: texts after the names of secret parameters. */
const maskRough = (text: string): string =>
  text.replace(/("([^"\\]{1,100})"\s*:\s*)"(?:[^"\\]|\\.)+"?/g, (whole, before: string, name: string) =>
    isSecretParam(name) ? `${before}"${mask}"` : whole
  )

function maskText(text: string): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return maskRough(text)
  }
  let masked = text
  for (const [secret, hidden] of changesOf(parsed))
    for (const form of written(secret)) masked = masked.replaceAll(`"${form}"`, () => `"${hidden}"`)
  return masked
}

/** A post with its secrets masked; all other bytes of its body stay. `known`: secrets of sources, which its target may hold. */
export function maskPost({ meta, body }: RawPost, known: readonly string[] = []): RawPost {
  const headers = maskGotHeaders(meta.headers)
  const masked = { ...meta, target: maskPostTarget(meta.target, meta.source, known), headers }
  let plain: Buffer
  try {
    plain = decodeBody(meta, body)
  } catch {
    // An encoding that nobody can read.
    return { meta: masked, body }
  }
  const text = plain.toString('utf8')
  const hidden = maskText(text)
  if (hidden === text) return { meta: masked, body }
  // What was compressed is not any more.
  const left = plain === body ? headers : headers.filter(([name]) => !/^content-encoding$/i.test(name))
  return { meta: { ...masked, headers: left }, body: Buffer.from(hidden) }
}

/** Whatever of the debug URL is not the source's name may be a secret: `retrace listen --secret` leaves it nowhere else. */
function maskPrefix(target: string, source: string): string {
  const { prefix, queryPrefix } = parseTarget(target)
  const named = new Set([...source.split('/'), ''])
  const hidden = new Set([...prefix, ...queryPrefix].filter((part) => !named.has(part)))
  if (hidden.size === 0) return target
  const isHidden = (part: string): boolean => {
    try {
      return hidden.has(part) || hidden.has(decodeURIComponent(part))
    } catch {
      return false
    }
  }
  let left = prefix.length
  const masked = (part: string): string => (isHidden(part) ? mask : part)
  return target.replace(/[^/?&=]+/g, (part, at: number) => {
    const inQuery = target.lastIndexOf('?', at) >= 0 || target[at - 1] === '='
    if (inQuery) return target[at - 1] === '=' && queryPrefix.length > 0 ? masked(part) : part
    return left-- > 0 ? masked(part) : part
  })
}

/** The target of a post as it may be shown. */
export const maskPostTarget = (target: string, source: string, known: readonly string[]): string =>
  maskUrls(maskTarget(maskPrefix(target, source), known))

/** A target without the secret that the debug URL may hold. */
export const maskTarget = (target: string, secrets: readonly string[]): string =>
  secrets.reduce(
    (text, secret) =>
      secret === '' ? text : text.replaceAll(secret, mask).replaceAll(encodeURIComponent(secret), mask),
    target
  )

/** Secrets of the listener's sources, in the settings of a workspace. */
export function sourceSecrets(settings: unknown): readonly string[] {
  const capture = isMap(settings) && isMap(settings['capture']) ? settings['capture'] : {}
  const sources = Array.isArray(capture['sources']) ? (capture['sources'] as readonly unknown[]) : []
  return sources.flatMap((source) => (isMap(source) && typeof source['secret'] === 'string' ? [source['secret']] : []))
}
