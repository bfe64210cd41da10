// Who answers an effect of a run that touches nothing: mocks of the run by node or module, what the caller's port says (a
// captured run), the engine's own renderer of templates, and at last the defaults that a run states among its assumptions.
import type { EffectChoices, EffectPolicy } from '../../contract/effects.ts'
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { isArray, isMap, withoutKeys } from '../php/values.ts'
import { renderTemplate } from '../jinja/render.ts'
import type { Answered, EffectRequest, Ports, Render } from './ports.ts'
import { renderPlain } from './render-plain.ts'

export type Policy = (request: EffectRequest) => Answered | undefined

export interface PolicyChoices {
  readonly effects?: EffectChoices | undefined
  /** Leaves what nothing answers to the driver even where no policy was chosen. */
  readonly perform?: boolean | undefined
}

/** The policy of an effect: the node's, the module's, the run's. `own`: it was chosen for this very node or module. */
export function policyOf(
  { nodeId, moduleId }: Pick<EffectRequest, 'nodeId' | 'moduleId'>,
  { effects = {}, perform }: PolicyChoices
): { readonly policy: EffectPolicy; readonly own: boolean } {
  const { nodes = {}, modules = {} } = effects
  const node = String(nodeId)
  if (Object.hasOwn(nodes, node)) return { policy: nodes[node] as EffectPolicy, own: true }
  if (Object.hasOwn(modules, moduleId)) return { policy: modules[moduleId] as EffectPolicy, own: true }
  return { policy: effects.policy ?? (perform === true ? 'live' : 'record'), own: false }
}

/**
 * Mocks answer what they name, unless another policy was chosen for that very node or module; then the policy. What a policy has no answer
 * for is recorded with an assumed answer.
 * @param mocks answers by node id or module id; a list is used up one by one, its last answer stays
 */
export function buildPolicy(mocks: JsonMap, ports: Ports, choices: PolicyChoices): Policy {
  const used = new Map<string, number>()
  const take = (key: string): Json | undefined => {
    const mock = Object.hasOwn(mocks, key) ? mocks[key] : undefined
    if (!Array.isArray(mock)) return mock
    const at = used.get(key) ?? 0
    used.set(key, at + 1)
    return mock[Math.min(at, mock.length - 1)] as Json | undefined
  }
  return (request) => {
    const { effect, nodeId, moduleId } = request
    if (effect.kind === 'template') return ports.answer?.(request) ?? renderAnswer(effect.template, effect.data, ports)
    const { policy, own } = policyOf(request, choices)
    const mock = own && policy !== 'mock' ? undefined : (take(String(nodeId)) ?? take(moduleId))
    if (mock !== undefined) return { answer: mockAnswer(effect, mock), by: 'mock', ...takesOf(effect, mock) }
    const answered = ports.answer?.(request) ?? (policy === 'recorded' ? ports.recorded?.(request) : undefined)
    if (answered) return answered
    return policy === 'live' ? undefined : { answer: defaultAnswer(effect), by: 'record' }
  }
}

function renderAnswer(template: string, data: Json, ports: Ports): Answered {
  const plain = renderPlain(template)
  if (plain !== null) return { answer: { text: plain }, by: 'engine' }
  const rendered = (ports.render ?? ownRenderer(ports))(template, data)
  // A bound of the renderer is none of misp-modules: what it would have rendered, nobody knows.
  if ('error' in rendered && rendered.error.type === 'LIMIT') {
    return { answer: { failure: 'unavailable', message: rendered.error.message }, by: 'renderer' }
  }
  if ('text' in rendered) return { answer: { text: rendered.text }, by: 'renderer' }
  return { answer: { text: '', error: rendered.error }, by: 'renderer' }
}

/** As misp-modules renders: within limits of steps and time, so that no template can hang a run. */
const ownRenderer =
  ({ clock, templateLimits = {} }: Ports): Render =>
  (template, data) => {
    const { output, error } = renderTemplate(template, data, { limits: templateLimits, clock: () => clock.monotonic() })
    if (!error) return { text: output }
    const { type, message, line } = error
    return { error: { type, message, ...(line === null ? {} : { line }) } }
  }

/** What a run assumes where nobody answers: HTTP 200 without a body, a service that finds nothing, messages that are sent. */
export function defaultAnswer(effect: Effect): EffectAnswer {
  if (effect.kind === 'http') return { status: 200, body: '' }
  if (effect.kind === 'misp-modules') return { json: { results: [] } }
  return { sent: true }
}

/** CurlClient waits 300 seconds; a query of the service has a limit of its own. */
const limitMs = (effect: Effect): number => (effect.kind === 'misp-modules' ? effect.timeoutSeconds : 300) * 1000

/** How long MISP would wait: what the mock says, at most as long as MISP does; a timeout is all of that. */
function takesOf(effect: Effect, mock: Json): { readonly takes?: number } {
  if (!isMap(mock)) return {}
  const { delayMs, failure } = mock
  const said = typeof delayMs === 'number' && delayMs > 0 ? delayMs : 0
  const takes = failure === 'timeout' ? limitMs(effect) : Math.min(said, limitMs(effect))
  return takes > 0 ? { takes } : {}
}

/** A mock as its author wrote it: an answer's own shape, or for a misp-modules query the reply itself. */
function mockAnswer(effect: Effect, mock: Json): EffectAnswer {
  if (isMap(mock)) {
    const { failure, message, status, body, headers, delayMs } = mock
    // A mock that takes longer than MISP waits is a timeout, whatever it would have answered.
    if (typeof delayMs === 'number' && delayMs > limitMs(effect)) return failureOf('timeout', message ?? null)
    if (typeof failure === 'string') return failureOf(failure, message ?? null)
    if (effect.kind === 'misp-modules' && status === undefined)
      return { json: 'json' in mock ? (mock['json'] ?? null) : (withoutKeys(mock, new Set(['delayMs'])) as Json) }
    if (typeof status === 'number') return { status, body: bodyText(body ?? ''), ...headersOf(headers ?? null) }
  }
  if (effect.kind === 'misp-modules') return { json: mock }
  if (effect.kind === 'http') return { status: 200, body: bodyText(mock) }
  return { sent: true }
}

const failures = ['refused', 'unresolved', 'timeout', 'reset', 'unavailable'] as const

function failureOf(failure: string, message: Json): EffectAnswer {
  const known = failures.find((name) => name === failure) ?? 'unavailable'
  return { failure: known, message: typeof message === 'string' ? message : `mocked: ${known}` }
}

const bodyText = (body: Json): string => (typeof body === 'string' ? body : JSON.stringify(body))

function headersOf(headers: Json): { readonly headers?: readonly (readonly [string, string])[] } {
  if (!isArray(headers)) return {}
  if (!Array.isArray(headers))
    return { headers: Object.entries(headers).map(([name, value]) => [name, bodyText(value as Json)]) }
  const pairs = (headers as readonly Json[]).filter(
    (pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2
  )
  return { headers: pairs.map(([name, value]) => [plainText(name), plainText(value)]) }
}
