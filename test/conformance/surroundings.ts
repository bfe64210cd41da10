// What stood around MISP when the vectors were recorded: a local server that answered HTTP, a misp-modules service with canned
// answers, and a few modules of the recorder's own.
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { DebugPost, EffectAnswer, EffectFailure, HttpEffect } from '../../src/contract/run.ts'
import { normaliseValue } from '../../src/engine/php/decode.ts'
import { dig, isMap } from '../../src/engine/php/values.ts'
import type { Answered, EffectRequest } from '../../src/engine/effects/ports.ts'

/** Fixed addresses of modules that the recorder replaced by its own server. */
export interface Moved {
  readonly telegram_url_overridden?: string
  readonly cve_url_overridden?: string
}

/** Parts of a case that say how the surroundings answered. */
export interface Surroundings extends Moved {
  readonly misp_modules?: string
  readonly misp_modules_canned_answers?: JsonMap
  readonly service_modules: { readonly modules: readonly JsonMap[]; readonly default_answers: JsonMap }
}

const localServer = '127.0.0.1:27051'
const refused: EffectFailure = { failure: 'refused', message: 'Connection refused' }

interface Target {
  readonly host: string
  readonly path: string
  readonly query: string
}

export function targetOf(url: string, { telegram_url_overridden: telegram, cve_url_overridden: cve }: Moved): Target {
  const real = url
    .replace('https://api.telegram.org/', telegram ?? '$&')
    .replace('https://vulnerability.circl.lu/api/cve/', cve ?? '$&')
  const [, host = '', path = '', query = ''] = /^\w+:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(real) ?? []
  return { host, path: path === '' ? '/' : path, query }
}

/** The local server answers 200, or N below `/__status/N`; nobody else answers. */
function serverAnswer(target: Target): EffectAnswer {
  if (target.host !== localServer) {
    return /^[\d.:]+$/.test(target.host)
      ? refused
      : { failure: 'unresolved', message: `Could not resolve host: ${target.host}` }
  }
  const status = /__status\/(\d+)/.exec(target.path)?.[1]
  return { status: status === undefined ? 200 : Number(status), body: status === undefined ? '' : `status ${status}` }
}

/** The answer of the misp-modules service: canned by module and value, else the module's default. */
function serviceAnswer(around: Surroundings, body: JsonMap): EffectAnswer {
  const module = String(body['module'])
  if (module === 'testaction') return { json: { data: true } }
  const value = dig(body, 'attribute', 'value') ?? Object.values(body).at(-1)
  const canned = typeof value === 'string' ? dig(around.misp_modules_canned_answers ?? null, module, value) : null
  const defaults = around.service_modules.default_answers
  const answer: Json = canned ?? defaults[module] ?? defaults['*'] ?? null
  if (isMap(answer) && typeof answer['status'] === 'number') {
    return { status: answer['status'], body: JSON.stringify(answer['body'] ?? '') }
  }
  return { json: normaliseValue(answer) }
}

export function answerLike(around: Surroundings): (request: EffectRequest) => Answered | undefined {
  const answer = ({ effect }: EffectRequest): EffectAnswer | undefined => {
    if (effect.kind === 'http') return serverAnswer(targetOf(effect.url, around))
    if (effect.kind === 'misp-modules') return serviceAnswer(around, effect.body)
    return effect.kind === 'template' ? undefined : { sent: true }
  }
  return (request) => {
    const answered = answer(request)
    return answered && { answer: answered, by: 'recording' }
  }
}

export const debugEndpoint = (post: DebugPost): EffectFailure | undefined =>
  post.origin === `http://${localServer}` ? undefined : refused

/** A request as the recorder's server saw it. */
export function seenByServer(effect: HttpEffect, moved: Moved): JsonMap | null {
  const { host, path, query } = targetOf(effect.url, moved)
  if (host !== localServer) return null
  const seen = { method: effect.method, path, query, headers: [['Host', host], ...effect.headers] as unknown as Json }
  try {
    return { ...seen, body: JSON.parse(effect.body) as Json }
  } catch {
    return { ...seen, body_raw: effect.body }
  }
}
