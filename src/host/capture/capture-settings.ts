// The settings of the listener: what holds where the workspace says nothing, what may be saved, and what a person's change leaves undecided.
import { CodedError } from '../../contract/errors.ts'
import { isLoopback } from '../../contract/loopback.ts'
import type { OwnSettings } from '../../contract/own-settings.ts'
import type { CaptureSettings } from '../../contract/workspace.ts'
import { defaultHost, defaultLimits, defaultPort } from './listen/listener.ts'
import { isSendTarget } from './listen/send.ts'
import { normalizedName } from './listen/sources.ts'

/** What holds while the workspace says nothing of it, by whoever starts Retrace. */
export interface ListenerDefaults {
  readonly host?: string
  /** 0 takes any port that is free. */
  readonly port?: number
  /** Of the source `default`. */
  readonly secret?: string
}

const defaults = { enabled: true, maxBodyBytes: defaultLimits.bodyBytes, forward: null }

export const withDefaults = (
  saved: OwnSettings['capture'],
  { host = defaultHost, port = defaultPort, secret }: ListenerDefaults
): CaptureSettings => {
  const sources = secret === undefined ? [] : [{ name: 'default', secret }]
  return Object.assign({}, defaults, { host, port, sources }, saved) as CaptureSettings
}

/**
 * What a person saved in place of what holds. What they left as it holds and what stands in the file otherwise, because nobody has allowed it
 * yet, stays there.
 */
export function keepUndecided(
  holds: CaptureSettings,
  next: CaptureSettings,
  inFile: CaptureSettings
): OwnSettings['capture'] {
  const { forward: _forward, ...listener } = next
  const same = Object.entries(listener).every(([name, value]) => isEqual(value, holds[name as keyof CaptureSettings]))
  const kept = same ? inFile : next
  const forward = next.forward === holds.forward ? inFile.forward : next.forward
  return { ...kept, sources: [...kept.sources], forward }
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Throws PARAMS_INVALID. */
export function checkSettings({ host, sources, forward }: CaptureSettings): void {
  const invalid = (message: string): CodedError => new CodedError('PARAMS_INVALID', message)
  if (!isLoopback(host) && (sources.length === 0 || sources.some((source) => !source.secret))) {
    throw invalid(`${host} can be reached from other machines: every source needs a secret.`)
  }
  const names = sources.map((source) => source.name)
  if (new Set(names.map(normalizedName)).size !== names.length)
    throw invalid('Two sources have the same name (case-insensitive).')
  if (names.some((name) => !/^[A-Za-z0-9._-]+$/.test(name) || normalizedName(name) === ''))
    throw invalid('A source’s name is part of a URL: use letters, digits, “.”, “_” and “-”.')
  if (forward !== null && !isSendTarget(forward)) throw invalid('Posts can only be forwarded to an http:// address.')
}
