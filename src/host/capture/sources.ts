// Which source a request belongs to, and whether it may post. MISP appends its path to whatever the debug URL is, so the part
// before `/<trigger>/…` tells instances apart: `/<source>/<secret>/<trigger>/init`.
import { createHash, timingSafeEqual } from 'node:crypto'
import { parseTarget } from './post-target.ts'
import { headerOf, type RequestHead } from './http-request.ts'

export interface CaptureSource {
  /** First part of the URL's path; `default` also answers without a prefix. */
  readonly name: string
  readonly secret?: string
}

export interface SourceRules {
  readonly sources: readonly CaptureSource[]
  /** Asked of every source that has none of its own (`--secret`, and always when the listener is not on loopback). */
  readonly secret?: string
}

export type SourceVerdict = { readonly allowed: true; readonly source: string } | { readonly allowed: false }

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const same = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret))

/** `user:password` of `Authorization: Basic`, which MISP sends when its debug URL holds them. */
function basicPassword(head: Pick<RequestHead, 'headers'>): string | null {
  const match = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(headerOf(head.headers, 'authorization') ?? '')
  if (match === null) return null
  const text = Buffer.from(match[1]!, 'base64').toString()
  return text.slice(text.indexOf(':') + 1)
}

/**
 * The source named by a request's target. A secret may stand as a path part of the debug URL, in its query, or as the password of
 * `user:password@`. Comparing takes the same time whatever was given.
 */
export function resolveSource(rules: SourceRules, head: Pick<RequestHead, 'target' | 'headers'>): SourceVerdict {
  const { prefix, queryPrefix } = parseTarget(head.target)
  const first = prefix[0]
  const named = rules.sources.find((source) => source.name === first)
  const secret = named?.secret ?? (named === undefined ? defaultSecret(rules) : rules.secret)
  if (secret === undefined || secret === '') {
    return { allowed: true, source: named?.name ?? (prefix.length > 0 ? prefix.join('/') : 'default') }
  }
  const password = basicPassword(head)
  const candidates = [...prefix.slice(0, 8), ...(password === null ? [] : [password]), ...queryPrefix.slice(0, 8)]
  if (!candidates.some((candidate) => same(candidate, secret))) return { allowed: false }
  const rest = prefix.filter((part) => !same(part, secret))
  return { allowed: true, source: named?.name ?? (rest.length > 0 ? rest.join('/') : 'default') }
}

const defaultSecret = (rules: SourceRules): string | undefined =>
  rules.sources.find((source) => source.name === 'default')?.secret ?? rules.secret

/** The value to paste into MISP's `Plugin.Workflow_debug_url`. */
export function debugUrl(host: string, port: number, source: CaptureSource, rules: SourceRules): string {
  const secret = source.secret ?? rules.secret
  const shown = host.includes(':') ? `[${host}]` : host
  const parts =
    source.name === 'default' && secret === undefined ? [] : [source.name, ...(secret === undefined ? [] : [secret])]
  return [`http://${shown}:${port}`, ...parts.map(encodeURIComponent)].join('/')
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
