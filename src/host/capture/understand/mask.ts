// Secrets in what MISP posts: parameters of modules that hold tokens, headers of webhooks, and the password in Authorization. Masked
// in views and exports unless somebody asks for them; the stored bytes stay as they came.
import { CodedError } from '../../../contract/errors.ts'
import { isSecretParam } from '../../../contract/modules.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { hideTexts, mask, maskGotHeaders, maskUrls, secretsOfParams } from '../../../contract/secrets.ts'
import { parseTarget } from '../listen/post-target.ts'
import { decodeBody, readJson } from './post-body.ts'
import type { RawPost } from './ndjson.ts'
import { isUnknownMap } from '../../../contract/json.ts'

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
    if (!isUnknownMap(params)) return
    for (const [key, value] of Object.entries(params)) {
      if (isSecretParam(key)) for (const text of textsIn(value)) changes.set(text, mask)
      else if (typeof value === 'string') {
        const hidden = maskUrls(value)
        if (hidden !== value) changes.set(value, hidden)
      }
    }
  }
  if (!isUnknownMap(body)) return changes
  const params = isUnknownMap(body['source']) ? body['source']['parameters'] : null
  collect(params)
  if (isUnknownMap(params)) {
    const texts = new SecretTexts(secretsOfParams(params as never))
    for (const text of textsIn(body['errors'])) {
      const hidden = String(hideTexts(text, texts))
      if (hidden !== text) changes.set(text, hidden)
    }
  }
  const data = isUnknownMap(body['data']) ? body['data'] : {}
  for (const key of ['executed_nodes', 'blocking_nodes'])
    for (const node of isUnknownMap(data[key]) || Array.isArray(data[key]) ? Object.values(data[key] as object) : [])
      if (isUnknownMap(node) && isUnknownMap(node['data'])) collect(node['data']['indexed_params'])
  changes.delete('')
  return changes
}

/** Where the text of JSON ends whose first quote is at `begin`: behind its last quote, or at the end of what was cut short. */
function endOfText(text: string, begin: number): number {
  // No repeated group: a long text would use up the stack of the expression.
  const special = /["\\]/g
  special.lastIndex = begin + 1
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    if (found[0] === '"') return special.lastIndex
    special.lastIndex++
  }
  return text.length
}

/** The text that is written so in JSON, however its characters are escaped there. */
function readText(written: string): string {
  if (!written.includes('\\')) return written
  try {
    return JSON.parse(`"${written}"`) as string
  } catch {
    return written
  }
}

/** JSON with the texts of `changes` written otherwise; all other bytes stay. */
function rewrite(text: string, changes: Changes): string {
  if (changes.size === 0) return text
  const parts: string[] = []
  let done = 0
  for (let at = text.indexOf('"'), end: number; at >= 0; at = text.indexOf('"', end)) {
    end = endOfText(text, at)
    const hidden = changes.get(readText(text.slice(at + 1, end - 1)))
    if (hidden === undefined) continue
    parts.push(text.slice(done, at), JSON.stringify(hidden))
    done = end
  }
  return parts.join('') + text.slice(done)
}

/** What is no JSON, cut short maybe: texts after the names of secret parameters. */
function maskRough(text: string): string {
  // Every quote may begin a name: what is broken may have lost one.
  const name = /"([^"\\]{1,100})"\s*:\s*(?=")/y
  const parts: string[] = []
  let done = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    name.lastIndex = at
    const found = name.exec(text)
    if (found === null) {
      at++
      continue
    }
    at = endOfText(text, name.lastIndex)
    if (at <= name.lastIndex + 2 || !isSecretParam(found[1]!)) continue
    parts.push(text.slice(done, name.lastIndex), `"${mask}"`)
    done = at
  }
  return parts.join('') + text.slice(done)
}

function maskText(plain: Buffer): { readonly text: string; readonly hidden: string } {
  let text: string
  try {
    text = plain.toString('utf8')
  } catch {
    throw new CodedError(
      'INPUT_TOO_LARGE',
      'The body is too large to mask secrets in it: show it with secrets instead.'
    )
  }
  try {
    return { text, hidden: rewrite(text, changesOf(readJson({ headers: [] }, plain))) }
  } catch (error) {
    // No JSON, or none that can be walked.
    if (error instanceof CodedError) return { text, hidden: maskRough(text) }
    throw error
  }
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
  const { text, hidden } = maskText(plain)
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
  const query = target.indexOf('?')
  const masked = (part: string): string => (isHidden(part) ? mask : part)
  return target.replace(/[^/?&=]+/g, (part, at: number) => {
    const inQuery = (query >= 0 && query < at) || target[at - 1] === '='
    if (inQuery) return target[at - 1] === '=' && queryPrefix.length > 0 ? masked(part) : part
    return left-- > 0 ? masked(part) : part
  })
}

/** The target of a post as it may be shown. */
export const maskPostTarget = (target: string, source: string, known: readonly string[]): string =>
  maskUrls(maskTarget(maskPrefix(target, source), known))

const encoded = (secret: string): string => {
  try {
    return encodeURIComponent(secret)
  } catch {
    // Half a character: no URL holds it.
    return secret
  }
}

const textsOf = new WeakMap<readonly string[], SecretTexts>()

/** A target without the secret that the debug URL may hold. */
export function maskTarget(target: string, secrets: readonly string[]): string {
  let texts = textsOf.get(secrets)
  if (texts === undefined)
    textsOf.set(secrets, (texts = new SecretTexts(secrets.flatMap((one) => [one, encoded(one)]))))
  const hidden = texts.hide(target)
  // Each character may be written in its percent form, in any case, also twice over.
  return hidden.replace(/[^/?&=#]+/g, (part) => {
    if (!part.includes('%')) return part
    const plain = readAll(part)
    return texts.hide(plain) === plain ? part : mask
  })
}

function readAll(part: string): string {
  for (let times = 0; times < 5 && part.includes('%'); times++) {
    try {
      part = decodeURIComponent(part)
    } catch {
      return part
    }
  }
  return part
}

/** Secrets of the listener's sources, in the settings of a workspace. */
export function sourceSecrets(settings: unknown): readonly string[] {
  const capture = isUnknownMap(settings) && isUnknownMap(settings['capture']) ? settings['capture'] : {}
  const sources = Array.isArray(capture['sources']) ? (capture['sources'] as readonly unknown[]) : []
  return sources.flatMap((source) =>
    isUnknownMap(source) && typeof source['secret'] === 'string' ? [source['secret']] : []
  )
}

/** Every secret of the settings: of sources, and what has the name of a key (`Plugin.Enrichment_asn_api_key`). */
export function settingsSecrets(settings: unknown): readonly string[] {
  const found = [...sourceSecrets(settings)]
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 8) return
    for (const [name, item] of Object.entries(value)) {
      if (typeof item === 'string' && item.length >= 5 && isSecretParam(name)) found.push(item)
      else look(item, depth + 1)
    }
  }
  look(settings, 0)
  return found
}
