// How live effects are performed: Retrace's own settings under `live`, MISP's settings below them, passwords from the key store. Which settings
// hold is decided before (host/trust).
import type { LiveSettings } from '../../contract/effects.ts'
import type { MispSettings } from '../../contract/misp-settings.ts'
import type { LivePart, OwnSettings } from '../../contract/own-settings.ts'
import { rtrim } from '../../engine/php/cast.ts'
import type { SmtpSettings } from './mail.ts'
import { plainHost } from './guard.ts'
import type { GuardSettings } from './guard.ts'
import type { KeyStore } from './keys.ts'
import type { ZmqSettings } from './zmq.ts'

export interface LiveConfig {
  readonly http: GuardSettings & { readonly timeoutSeconds: number }
  readonly smtp: SmtpSettings
  readonly zmq: ZmqSettings
  /** `set`: somebody named the one of Enrichment. */
  readonly mispModules: { readonly Enrichment: string; readonly Action: string; readonly set: boolean }
}

/** Where an SMTP password is kept: it goes to no other server, for no other user and from no other workspace than it was given for. */
const smtpKey = (folder: string, { host, port, user }: Pick<SmtpSettings, 'host' | 'port' | 'user'>): string =>
  `smtp ${encodeURIComponent(user)}@${encodeURIComponent(plainHost(host))}:${port} for ${folder}`

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise
const numberOf = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN
  return Number.isFinite(number) && number > 0 ? number : otherwise
}

/** Settings of a workspace, as they hold. */
export interface LiveSource {
  readonly misp: MispSettings
  readonly own: Pick<OwnSettings, 'live'>
}

type Family = 'Enrichment' | 'Action'

/** Where a service of misp-modules is asked. */
export function serviceUrl(misp: MispSettings, live: LivePart | undefined, family: Family): string {
  const url = rtrim(textOf(misp[`Plugin.${family}_services_url`], 'http://127.0.0.1'), '/')
  return textOf(live?.mispModules?.url, `${url}:${numberOf(misp[`Plugin.${family}_services_port`], 6666)}`)
}

/** Somebody named a service: it may be asked without a run. */
export const isServiceSet = ({ misp, own: { live } }: LiveSource, families: readonly Family[]): boolean =>
  textOf(live?.mispModules?.url, '') !== '' ||
  families.some((family) => textOf(misp[`Plugin.${family}_services_url`], '') !== '')

/** What the settings say, with MISP's defaults for the rest. */
export function liveSettingsOf(source: LiveSource, hasPassword: boolean): LiveSettings {
  const { misp: settings, own } = source
  const { http, smtp, zmq, mispModules } = own.live ?? {}
  return {
    http: {
      allow: http?.allow ?? [],
      onlyAllowed: http?.onlyAllowed === true,
      timeoutSeconds: numberOf(http?.timeoutSeconds, numberOf(settings['MISP.curl_request_timeout'], 300))
    },
    smtp: {
      host: textOf(smtp?.host, 'localhost'),
      port: numberOf(smtp?.port, 25),
      secure: smtp?.secure === true,
      selfSigned: smtp?.selfSigned === true,
      user: textOf(smtp?.user, ''),
      plain: smtp?.plain === true,
      from: textOf(smtp?.from, textOf(settings['MISP.email'], 'misp@localhost')),
      hasPassword
    },
    zmq: {
      host: textOf(zmq?.host, textOf(settings['Plugin.ZeroMQ_host'], '127.0.0.1')),
      port: numberOf(zmq?.port, numberOf(settings['Plugin.ZeroMQ_port'], 50_000))
    },
    mispModules: { url: textOf(mispModules?.url, ''), set: isServiceSet(source, ['Enrichment']) }
  }
}

export function liveConfigOf(source: LiveSource, password: string | null): LiveConfig {
  const { http, smtp, zmq } = liveSettingsOf(source, password !== null)
  const service = (family: Family): string => serviceUrl(source.misp, source.own.live, family)
  const { hasPassword: _known, ...mail } = smtp
  return {
    http,
    smtp: { ...mail, password },
    zmq,
    mispModules: {
      Enrichment: service('Enrichment'),
      Action: service('Action'),
      set: isServiceSet(source, ['Enrichment'])
    }
  }
}

/** The passwords of one workspace. */
export interface MailPasswords {
  of(source: LiveSource): Promise<string | null>
  /** For the server and the user that are set; an empty one removes it. */
  keep(source: LiveSource, password: string): Promise<void>
}

export function mailPasswords(keys: KeyStore, folder: string): MailPasswords {
  const nameOf = (source: LiveSource): string => smtpKey(folder, liveSettingsOf(source, false).smtp)
  return {
    of: (source) => keys.get(nameOf(source)),
    async keep(source, password) {
      if (password === '') await keys.delete(nameOf(source))
      else await keys.set(nameOf(source), password)
    }
  }
}
