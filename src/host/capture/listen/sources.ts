// Which source a request belongs to, and whether it may post. MISP appends its path to whatever the debug URL is, so the part
// before `/<trigger>/…` tells instances apart: `/<source>/<secret>/<trigger>/init`.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseTarget } from './post-target.ts'
import { headerOf, type RequestHead } from './http-request.ts'

export interface CaptureSource {
  /** First part of the URL's path; `default` also answers without a prefix. */
  readonly name: string
  readonly secret?: string
}

export interface SourceRules {
  readonly sources: readonly CaptureSource[]
  /** Asked of every source that has none of its own (`--secret`). */
  readonly secret?: string
}

export type SourceVerdict = { readonly allowed: true; readonly source: string } | { readonly allowed: false }

const key = randomBytes(32)
const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest()
/** Stands for a secret that is not there: the comparison is made all the same, and nothing is equal to it. */
const nobody = digest(randomBytes(32).toString('hex'))

const isSet = (secret: string | undefined): secret is string => secret !== undefined && secret !== ''

/** Digests of the secrets of rules: made once and not for every post. */
const known = new WeakMap<SourceRules, ReadonlyMap<string, Buffer>>()
function secretsOf(rules: SourceRules): ReadonlyMap<string, Buffer> {
  let digests = known.get(rules)
  if (digests === undefined) {
    const secrets = [...rules.sources.map(({ secret }) => secret), rules.secret].filter(isSet)
    digests = new Map(secrets.map((secret) => [secret, digest(secret)]))
    known.set(rules, digests)
  }
  return digests
}

/** Takes the same time whatever is equal: all are compared. */
function anyIs(given: readonly Buffer[], secrets: Iterable<Buffer>): boolean {
  let found = false
  for (const secret of secrets) for (const one of given) found = timingSafeEqual(one, secret) || found
  return found
}

/** `user:password` of `Authorization: Basic`, which MISP sends when its debug URL holds them. */
function basicPassword(head: Pick<RequestHead, 'headers'>): string | null {
  const match = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(headerOf(head.headers, 'authorization') ?? '')
  if (match === null) return null
  const text = Buffer.from(match[1]!, 'base64').toString()
  return text.slice(text.indexOf(':') + 1)
}

function decodeAll(text: string): string {
  for (let i = 0; i < 5 && text.includes('%'); i++) {
    try {
      text = decodeURIComponent(text)
    } catch {
      return text
    }
  }
  return text
}

/** Parts of a path as a name is made of them: without dot segments, doubled slashes and what nobody sees. */
function nameParts(path: string): string[] {
  const parts: string[] = []
  for (const part of path.replace(/\p{C}/gu, '').split(/[/\\]/)) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts
}

/** The one form in which names are compared: percent forms, case, Unicode, spaces, slashes and dot segments make no difference. */
const normalizedParts = (path: string): string[] =>
  nameParts(decodeAll(path).normalize('NFKC').toLowerCase().normalize('NFC').replace(/\p{Z}/gu, ''))

export const normalizedName = (name: string): string => normalizedParts(name).join('/')

/** Configured sources that a path may mean. Names that differ in nothing but their case can come from older settings. */
function sourcesNamed(rules: SourceRules, path: readonly string[]): readonly CaptureSource[] {
  if (rules.sources.length === 0) return []
  const [first = 'default'] = normalizedParts(path.join('/'))
  const named = rules.sources.filter((source) => normalizedName(source.name) === first)
  const exact = named.filter((source) => source.name === path[0])
  return exact.length > 0 ? exact : named
}

/** Parts of a debug URL's path or query that may be a secret: nobody's has more. */
const mostParts = 8

/**
 * The source named by a request's target. A secret may stand as a path part of the debug URL, in its query, or as the password of
 * `user:password@`. `open`: the listener can be reached from other machines, so what needs no secret takes nothing there.
 */
export function resolveSource(
  rules: SourceRules,
  head: Pick<RequestHead, 'target' | 'headers'>,
  open: boolean
): SourceVerdict {
  const { prefix, queryPrefix } = parseTarget(head.target)
  const secrets = secretsOf(rules)
  // The usual case, a MISP on the same machine, must not cost it anything.
  if (secrets.size + rules.sources.length + prefix.length === 0 && !open) return { allowed: true, source: 'default' }
  const digests = prefix.slice(0, secrets.size === 0 ? 0 : mostParts).map(digest)
  // A secret in front of the name must not hide whose name it is, nor become part of a name.
  const path = prefix.filter((_, i) => digests[i] === undefined || !anyIs([digests[i]], secrets.values()))
  const password = basicPassword(head)
  const given = [
    ...digests,
    ...[...(password === null ? [] : [password]), ...queryPrefix.slice(0, mostParts)].map(digest)
  ]
  const named = sourcesNamed(rules, path)
  const unnamed = { name: nameParts(decodeAll(path.join('/'))).join('/') || 'default', secret: defaultSecret(rules) }
  let allowed: string | null = null
  let proven = false
  for (const source of named.length > 0 ? named : [unnamed]) {
    const secret = isSet(source.secret) ? source.secret : rules.secret
    const isGiven = anyIs(given, [isSet(secret) ? secrets.get(secret)! : nobody])
    if (isGiven ? !proven : allowed === null && !open && !isSet(secret)) allowed = source.name
    proven ||= isGiven
  }
  return allowed === null ? { allowed: false } : { allowed: true, source: allowed }
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
