// How live effects are performed: the workspace's own settings under `live`, MISP's settings below them, passwords from the key store.
import type { JsonMap } from '../../contract/json.ts'
import type { LiveSettings } from '../../contract/effects.ts'
import { rtrim } from '../../engine/php/cast.ts'
import type { SmtpSettings } from './mail.ts'
import type { GuardSettings } from './guard.ts'
import type { ZmqSettings } from './zmq.ts'

export interface LiveConfig {
  readonly http: GuardSettings & { readonly timeoutSeconds: number }
  readonly smtp: SmtpSettings
  readonly zmq: ZmqSettings
  readonly mispModules: { readonly Enrichment: string; readonly Action: string }
}

/** Where the SMTP password is kept. */
export const smtpKey = 'smtp'

const mapOf = (value: unknown): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {}
const textOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise
const numberOf = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN
  return Number.isFinite(number) && number > 0 ? number : otherwise
}

/** What the settings say, with MISP's defaults for the rest. */
export function liveSettingsOf(settings: JsonMap, hasPassword: boolean): LiveSettings {
  const { http, smtp, zmq, mispModules } = mapOf(settings.live) as { [name: string]: JsonMap | undefined }
  const allow = http?.allow
  return {
    http: {
      allow: Array.isArray(allow) ? allow.filter((entry): entry is string => typeof entry === 'string') : [],
      onlyAllowed: http?.onlyAllowed === true,
      timeoutSeconds: numberOf(http?.timeoutSeconds, numberOf(settings['MISP.curl_request_timeout'], 300))
    },
    smtp: {
      host: textOf(smtp?.host, 'localhost'),
      port: numberOf(smtp?.port, 25),
      secure: smtp?.secure === true,
      selfSigned: smtp?.selfSigned === true,
      user: textOf(smtp?.user, ''),
      from: textOf(smtp?.from, textOf(settings['MISP.email'], 'misp@localhost')),
      hasPassword
    },
    zmq: {
      host: textOf(zmq?.host, textOf(settings['Plugin.ZeroMQ_host'], '127.0.0.1')),
      port: numberOf(zmq?.port, numberOf(settings['Plugin.ZeroMQ_port'], 50_000))
    },
    mispModules: { url: textOf(mispModules?.url, '') }
  }
}

export function liveConfigOf(settings: JsonMap, password: string | null): LiveConfig {
  const { http, smtp, zmq, mispModules } = liveSettingsOf(settings, password !== null)
  const service = (family: 'Enrichment' | 'Action'): string => {
    const url = rtrim(textOf(settings[`Plugin.${family}_services_url`], 'http://127.0.0.1'), '/')
    return mispModules.url || `${url}:${numberOf(settings[`Plugin.${family}_services_port`], 6666)}`
  }
  const { hasPassword: _known, ...mail } = smtp
  return {
    http,
    smtp: { ...mail, password },
    zmq,
    mispModules: { Enrichment: service('Enrichment'), Action: service('Action') }
  }
}
