// Performs effects for real, within what a person has confirmed.
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { maskUrls } from '../../contract/secrets.ts'
import { AddressGuard } from './guard.ts'
import { performHttp } from './http.ts'
import type { LiveConfig } from './live-config.ts'
import { mailRefusal, performMail } from './mail.ts'
import { queryModules } from './misp-modules.ts'
import type { ZmqPublisher } from './zmq.ts'

/** What was confirmed: targets by kind as `targetOf` names them, and nodes whose target was not known before. */
export interface Confirmed {
  readonly targets: ReadonlySet<string>
  readonly openNodes: ReadonlySet<number>
}

/** Whom an effect contacts, in the words of the plan. */
export function targetOf(effect: Effect, config: LiveConfig): string {
  switch (effect.kind) {
    case 'http':
      return originOf(effect.url)
    case 'mail':
      return effect.to
    case 'zmq':
      return effect.topic
    case 'misp-modules':
      return `${String(effect.body['module'])} at ${config.mispModules[effect.family]}`
    case 'template':
      return 'the template renderer'
  }
}

/** Scheme, host and port. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin
  } catch {
    return maskUrls(url)
  }
}

/** Why a target would not be reached: DNS is asked, nothing is contacted. Null when it would be tried. */
export async function refusalOf(effect: Effect, config: LiveConfig): Promise<string | null> {
  if (effect.kind === 'mail') return mailRefusal(effect)
  if (effect.kind !== 'http') return null
  let url: URL
  try {
    url = new URL(effect.url)
  } catch {
    return 'The URL cannot be read.'
  }
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  try {
    await new AddressGuard(config.http).resolve(url.hostname, port)
    return null
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'RETRACE_ADDRESS_REFUSED') return message
    return `${url.hostname} cannot be resolved (${code ?? message}).`
  }
}

/** Performs one effect. Never rejects. */
export async function performEffect(
  { nodeId, effect }: { readonly nodeId: number; readonly effect: Effect },
  config: LiveConfig,
  confirmed: Confirmed,
  publisher: ZmqPublisher,
  signal?: AbortSignal
): Promise<EffectAnswer> {
  const target = targetOf(effect, config)
  if (!confirmed.targets.has(`${effect.kind} ${target}`) && !confirmed.openNodes.has(nodeId)) {
    return { failure: 'unavailable', message: `${target} is not on the plan that was confirmed for this run` }
  }
  switch (effect.kind) {
    case 'http':
      return performHttp(effect, {
        guard: new AddressGuard(config.http),
        timeoutSeconds: config.http.timeoutSeconds,
        ...(signal ? { signal } : {})
      })
    case 'mail':
      return performMail(effect, config.smtp)
    case 'zmq':
      return publisher.push(effect, config.zmq)
    case 'misp-modules':
      return queryModules(effect, config.mispModules[effect.family], signal)
    case 'template':
      return { failure: 'unavailable', message: 'templates are rendered by Retrace itself' }
  }
}
