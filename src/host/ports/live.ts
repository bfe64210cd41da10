// Performs effects for real, within what a person has confirmed.
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import type { EffectRequest } from '../../engine/effects/ports.ts'
import { maskUrls } from '../../contract/secrets.ts'
import { AddressGuard } from './guard.ts'
import { performHttp } from './http.ts'
import type { LiveConfig } from './live-config.ts'
import { mailRefusal, performMail } from './mail.ts'
import { queryModules } from './misp-modules.ts'
import type { ZmqPublisher } from './zmq.ts'

/** What was confirmed: what each node contacts (see `contactOf`), and nodes whose target was not known before. */
export interface Confirmed {
  readonly targets: ReadonlySet<string>
  /** Of the workflow that was started; those of workflows that it fires are never open. */
  readonly openNodes: ReadonlySet<number>
}

type Asked = Pick<EffectRequest, 'nodeId' | 'workflowId' | 'isFired'>

/** One thing that one node does to one target: `4 2 http POST https://example.org`. `method` of HTTP only. */
export const contactOf = ({ nodeId, workflowId = '' }: Asked, kind: Effect['kind'], method: string, target: string) =>
  JSON.stringify([workflowId, nodeId, kind, method, target])

export const methodOf = (effect: Effect): string => (effect.kind === 'http' ? effect.method.toUpperCase() : '')

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
      return `${String(effect.body['module'])} at ${maskUrls(config.mispModules[effect.family])}`
    case 'template':
      return 'the template renderer'
  }
}

/** The server of the settings that an effect of that kind goes through. */
export function viaOf(kind: Effect['kind'], { smtp, zmq }: LiveConfig): string {
  if (kind === 'mail') return `SMTP at ${smtp.host}:${smtp.port}`
  return kind === 'zmq' ? `tcp://${zmq.host}:${zmq.port}` : ''
}

/** Scheme, host and port. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin
  } catch {
    return maskUrls(url)
  }
}

/**
 * Why a target would not be reached, as far as that is known without asking anybody: before a person has said yes, no name is resolved. What
 * a name stands for is judged when it is sent.
 */
export function refusalOf(effect: Effect, config: LiveConfig): string | null {
  if (effect.kind === 'mail') return mailRefusal(effect)
  if (effect.kind !== 'http') return null
  if (!URL.canParse(effect.url)) return 'The URL cannot be read.'
  const url = new URL(effect.url)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  return new AddressGuard(config.http).refusalUnasked(url.hostname, port)
}

/** Performs one effect. Never rejects. */
export async function performEffect(
  { effect, ...asked }: Asked & { readonly effect: Effect },
  config: LiveConfig,
  confirmed: Confirmed,
  publisher: ZmqPublisher,
  signal?: AbortSignal
): Promise<EffectAnswer> {
  const method = methodOf(effect)
  const isOnPlan = (target: string): boolean => confirmed.targets.has(contactOf(asked, effect.kind, method, target))
  const target = targetOf(effect, config)
  const isOpen = asked.isFired !== true && confirmed.openNodes.has(asked.nodeId)
  if (!isOnPlan(target) && !isOpen) {
    const what = [method, target].filter((text) => text !== '').join(' ')
    return { failure: 'unavailable', message: `${what} is not in the plan confirmed for this node` }
  }
  switch (effect.kind) {
    case 'http':
      return performHttp(effect, {
        guard: new AddressGuard(config.http),
        timeoutSeconds: config.http.timeoutSeconds,
        mayRedirect: (url) => (isOnPlan(url.origin) ? null : 'which is not in the plan confirmed for this node'),
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
