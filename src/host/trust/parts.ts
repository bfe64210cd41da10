// What of a workspace's settings would send, open, delete or cost more than usual: each a part that a person allows by itself. Pure: what they say
// and what holds while one is off. Everything else of the settings is harmless and holds without asking.
import { createHash } from 'node:crypto'
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { MispSettings } from '../../contract/misp-settings.ts'
import { noSettings } from '../../contract/misp-settings.ts'
import type { OwnSettings } from '../../contract/own-settings.ts'
import { maskUrls } from '../../contract/secrets.ts'
import type { TrustKind } from '../../contract/trust.ts'
import { DEFAULT_LIMITS } from '../../engine/jinja/python/limits.ts'
import { defaultHost, defaultPort } from '../capture/listen/listener.ts'
import { isLoopback } from '../../contract/loopback.ts'
import { serviceUrl } from '../ports/live-config.ts'

/** Both kinds of settings of a workspace. */
export interface Settings {
  readonly misp: MispSettings
  readonly own: OwnSettings
}

const partKeys = [
  'listener',
  'forward',
  'hosts',
  'mail',
  'zmq',
  'service:Enrichment',
  'service:Action',
  'retention',
  'templates'
] as const
export type PartKey = (typeof partKeys)[number]

export interface Part {
  readonly key: PartKey
  readonly kind: TrustKind
  readonly hash: string
  readonly text: string
}

/** Keys in their order, so that the same content is the same text. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

interface Found {
  readonly kind: TrustKind
  readonly content: JsonMap
  readonly text: string
}

/** A part of what is set; null: nothing of it needs a yes. `known`: something of it was allowed before. */
type Look = (settings: Settings, known: boolean) => Found | null

/** Names in a sentence stay on its line; passwords in addresses stay out of it. */
const shown = (text: unknown): string =>
  maskUrls(plainText(text))
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
    .slice(0, 200)
const list = (names: readonly string[]): string =>
  names.slice(0, 20).map(shown).join(', ') + (names.length > 20 ? ', …' : '')

const looks: { readonly [K in PartKey]: Look } = {
  listener: ({ own: { capture = {} } }) => {
    const { enabled = true, host = defaultHost, port = defaultPort, sources = [], maxBodyBytes = null } = capture
    if (isLoopback(host)) return null
    const who =
      sources.length === 0 ? 'without any source' : `with the secrets of ${list(sources.map(({ name }) => name))}`
    return {
      kind: 'opens',
      content: { enabled, host, port, sources: sources as unknown as Json, maxBodyBytes },
      text: `Receive posts at ${shown(host)}:${port}, reachable from other machines, ${who}.`
    }
  },
  forward: ({ own: { capture } }) => {
    const url = capture?.forward ?? null
    return url === null ? null : { kind: 'sends', content: { url }, text: `Forward every post to ${shown(url)}.` }
  },
  hosts: ({ own: { live } }, known) => {
    const { allow = [], onlyAllowed = false } = live?.http ?? {}
    if (allow.length === 0 && !known) return null
    const private_ = allow.length === 0 ? '' : `reach ${list(allow)} although such hosts are private`
    const public_ = onlyAllowed
      ? 'and no other host'
      : allow.length === 0
        ? 'reach every public host'
        : 'and every public host'
    return {
      kind: 'sends',
      content: { allow, onlyAllowed },
      text: `Let live runs that you confirm ${[private_, public_].filter(Boolean).join(', ')}.`
    }
  },
  mail: ({ own: { live } }) => {
    const { host = '', port = 25, secure = false, selfSigned = false, user = '', plain = false } = live?.smtp ?? {}
    const usual = (host === '' || host === 'localhost') && port === 25 && !selfSigned && !plain && user === ''
    if (usual) return null
    const as = user === '' ? '' : `, as ${shown(user)} with the password that you gave for that server`
    const check = `${selfSigned ? ', whatever its certificate' : ''}${plain ? ', also without TLS' : ''}`
    return {
      kind: 'sends',
      content: { host, port, secure, selfSigned, user, ...(plain ? { plain } : {}) },
      text: `Send the mails of live runs to ${shown(host || 'localhost')}:${port}${as}${check}.`
    }
  },
  zmq: ({ own: { live }, misp }) => {
    const host = live?.zmq?.host || misp['Plugin.ZeroMQ_host'] || '127.0.0.1'
    const port = live?.zmq?.port ?? misp['Plugin.ZeroMQ_port'] ?? 50_000
    if (typeof host === 'string' && isLoopback(host)) return null
    return {
      kind: 'opens',
      content: { host, port },
      text: `Publish the ZeroMQ messages of live runs at ${shown(host)}:${shown(port)}, where other machines can read them.`
    }
  },
  'service:Enrichment': (settings) => service(settings, 'Enrichment'),
  'service:Action': (settings) => service(settings, 'Action'),
  retention: ({ own: { retention } }) => {
    const { rules = null, announced = null } = retention ?? {}
    if (rules === null) return null
    const { maxAgeDays, maxRuns, maxBytes } = rules
    const which = [
      maxAgeDays === null ? null : `older than ${maxAgeDays} days`,
      maxRuns === null ? null : `beyond the newest ${maxRuns}`,
      maxBytes === null ? null : `beyond ${Math.round(maxBytes / 1e6)} MB of posts`
    ].filter((one) => one !== null)
    if (which.length === 0) return null
    return {
      kind: 'deletes',
      content: { rules: { ...rules }, announced: announced && { at: announced.at, until: announced.until } },
      text: `Automatically remove captured runs for good: those ${which.join(', and those ')}. A day passes before the first goes.`
    }
  },
  templates: ({ own: { templateLimits = {} } }) => {
    const above = Object.entries(templateLimits).filter(([name, limit]) => limit > usualLimit(name))
    if (above.length === 0) return null
    return {
      kind: 'runs',
      content: Object.fromEntries(above),
      text: `Raise the limits of templates: ${list(above.map(([name, limit]) => `${name} ${limit}`))}.`
    }
  }
}

const usualLimit = (name: string): number =>
  Object.hasOwn(DEFAULT_LIMITS, name) ? DEFAULT_LIMITS[name as keyof typeof DEFAULT_LIMITS] : Infinity

function service({ misp, own }: Settings, family: 'Enrichment' | 'Action'): Found | null {
  const url = serviceUrl(misp, own.live, family)
  if (url === serviceUrl(noSettings, undefined, family)) return null
  return {
    kind: 'sends',
    content: { url },
    text: `Query the misp-modules service at ${shown(url)} in live runs (${family}): it receives event data.`
  }
}

/** What of the settings needs a yes. */
export const partsOf = (settings: Settings, isKnown: (key: PartKey) => boolean): readonly Part[] =>
  partKeys.flatMap((key) => {
    const found = looks[key](settings, isKnown(key))
    return found
      ? [{ key, kind: found.kind, text: found.text, hash: sha256(`${key} ${canonical(found.content)}`) }]
      : []
  })

const serviceKeys = ['service:Enrichment', 'service:Action'] as const

const addresses: { readonly [K in PartKey]?: readonly string[] } = {
  zmq: ['Plugin.ZeroMQ_host', 'Plugin.ZeroMQ_port'],
  'service:Enrichment': ['Plugin.Enrichment_services_url', 'Plugin.Enrichment_services_port'],
  'service:Action': ['Plugin.Action_services_url', 'Plugin.Action_services_port']
}

const addressNames = new Set(Object.values(addresses).flat())

/** MISP's settings that say where something is sent or opened. */
export const isAddress = (name: string): boolean => addressNames.has(name)

/** The settings as they hold while some parts are off. */
export function withoutParts({ misp, own }: Settings, off: ReadonlySet<PartKey>, wasStrict: boolean): Settings {
  const { capture, retention, templateLimits } = own
  const services = [...off].filter((key) => key.startsWith('service:'))
  // An address of Retrace's stands for both families: without it neither falls back to what else came along.
  const hiding = services.length > 0 && own.live?.mispModules?.url ? [...off, ...serviceKeys] : [...off]
  const hidden = new Set(hiding.flatMap((key) => addresses[key] ?? []))
  return {
    misp: Object.fromEntries(Object.entries(misp).filter(([name]) => !hidden.has(name))) as unknown as MispSettings,
    own: {
      ...(capture && { capture: captureWithout(capture, off) }),
      ...(retention && !off.has('retention') ? { retention } : {}),
      ...(templateLimits && { templateLimits: limitsWithout(templateLimits, off) }),
      live: {
        ...own.live,
        // One that was strict and was changed by somebody else reaches nobody until it is allowed.
        ...(off.has('hosts')
          ? { http: { ...own.live?.http, allow: [], onlyAllowed: wasStrict || own.live?.http?.onlyAllowed === true } }
          : {}),
        ...(off.has('mail') ? { smtp: own.live?.smtp?.from === undefined ? {} : { from: own.live.smtp.from } } : {}),
        ...(off.has('zmq') ? { zmq: {} } : {}),
        ...(services.length > 0 ? { mispModules: {} } : {})
      }
    }
  }
}

function captureWithout(
  { forward = null, ...capture }: NonNullable<OwnSettings['capture']>,
  off: ReadonlySet<PartKey>
): NonNullable<OwnSettings['capture']> {
  return {
    ...capture,
    ...(off.has('listener') ? { host: defaultHost } : {}),
    forward: off.has('forward') ? null : forward
  }
}

const limitsWithout = (limits: Readonly<Record<string, number>>, off: ReadonlySet<PartKey>): Record<string, number> =>
  off.has('templates')
    ? Object.fromEntries(Object.entries(limits).filter(([name, limit]) => limit <= usualLimit(name)))
    : { ...limits }
