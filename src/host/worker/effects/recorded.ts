// Answers that are known: of an earlier run, of an imported recording, and of the data itself (an attribute's `enrichment[]` holds what
// modules answered). A request is matched by node and request, then by request, then by what it asks about.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { dig, isMap } from '../../../engine/php/values.ts'
import type { Answered, EffectRequest } from '../../../engine/effects/ports.ts'

export interface KnownAnswer {
  readonly nodeId?: number
  readonly effect: Effect
  readonly answer: EffectAnswer
}

export interface RecordedSources {
  /** Answers of a run or of imported files, the more trusted first. */
  readonly answers: readonly KnownAnswer[]
  /** Data whose attributes carry `enrichment[]`. */
  readonly data: readonly Json[]
}

/** JSON with sorted keys: the same request is the same text. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/** The whole request, without what only says how it is sent. */
function requestKey(effect: Effect): string {
  if (effect.kind === 'misp-modules') return `${effect.kind} ${canonical(effect.body)}`
  if (effect.kind === 'http') return `${effect.kind} ${effect.method} ${effect.url} ${effect.body}`
  return canonical(effect)
}

const notAsked = new Set(['module', 'user', 'event_id', 'config', 'attribute_uuid', 'attribute', 'persistent'])

/** What is asked: the module and the attribute's type and value; for HTTP the method and the URL. */
function subjectKey(effect: Effect): string | null {
  if (effect.kind === 'http') return `${effect.kind} ${effect.method} ${effect.url}`
  if (effect.kind !== 'misp-modules' || effect.family !== 'Enrichment') return null
  const asked = askedOf(effect.body)
  return asked === null ? null : `${plainText(effect.body['module'])} ${asked.type} ${asked.value}`
}

function askedOf(body: JsonMap): { readonly type: string; readonly value: string } | null {
  const attribute = body['attribute']
  if (isMap(attribute ?? null)) {
    const { type, value } = attribute as JsonMap
    return { type: plainText(type), value: plainText(value) }
  }
  const [pair] = Object.entries(body).filter(([key, value]) => !notAsked.has(key) && typeof value === 'string')
  return pair === undefined ? null : { type: pair[0], value: String(pair[1]) }
}

/** Lists that are used up one by one; the last one stays. */
class Queues {
  readonly #lists = new Map<string, EffectAnswer[]>()
  readonly #used = new Map<string, number>()

  add(key: string, answer: EffectAnswer): void {
    const list = this.#lists.get(key)
    if (list) list.push(answer)
    else this.#lists.set(key, [answer])
  }

  take(key: string): EffectAnswer | undefined {
    const list = this.#lists.get(key)
    if (!list) return undefined
    const at = this.#used.get(key) ?? 0
    this.#used.set(key, at + 1)
    return list[Math.min(at, list.length - 1)]
  }
}

/** Answers at once, or not at all. */
export function recordedAnswers({ answers, data }: RecordedSources): (request: EffectRequest) => Answered | undefined {
  const queues = new Queues()
  for (const { nodeId, effect, answer } of answers) {
    const request = requestKey(effect)
    if (nodeId !== undefined) queues.add(`${nodeId} ${request}`, answer)
    queues.add(request, answer)
    const subject = subjectKey(effect)
    if (subject !== null) queues.add(subject, answer)
  }
  for (const value of data) addEnrichments(queues, value)
  return ({ nodeId, effect }) => {
    const request = requestKey(effect)
    const subject = subjectKey(effect)
    const found =
      queues.take(`${nodeId} ${request}`) ??
      queues.take(request) ??
      (subject === null ? undefined : queues.take(subject))
    if (found !== undefined) return { answer: found, by: 'recorded' }
    if (effect.kind !== 'misp-modules') return undefined
    const asked = askedOf(effect.body)
    const derived = asked && queues.take(`enrichment ${asked.type} ${asked.value}`)
    return derived ? { answer: derived, by: 'recorded, derived' } : undefined
  }
}

/**
 * attach-enrichment appends to the attribute's `enrichment` what a module answered, its `results` or the whole reply when it has an error,
 * in the order in which it asked. Which module it was is not kept there, so the answers go to the questions in that order.
 */
function addEnrichments(queues: Queues, data: Json): void {
  const seen = new Set<string>()
  for (const attribute of attributesOf(data)) {
    const list = attribute['enrichment']
    if (!Array.isArray(list) || list.length === 0) continue
    const key = `enrichment ${plainText(attribute['type'])} ${plainText(attribute['value'])}`
    if (seen.has(key)) continue
    seen.add(key)
    for (const entry of list as readonly Json[]) {
      queues.add(key, { json: isMap(entry) && 'error' in entry ? entry : { results: entry } })
    }
  }
}

function* attributesOf(data: Json): Generator<JsonMap> {
  for (const list of [dig(data, 'Event', '_AttributeFlattened'), dig(data, 'Event', 'Attribute')]) yield* maps(list)
  for (const object of maps(dig(data, 'Event', 'Object'))) yield* maps(object['Attribute'] ?? null)
}

function* maps(list: Json | undefined): Generator<JsonMap> {
  if (typeof list !== 'object' || list === null) return
  for (const item of Object.values(list)) if (isMap(item as Json)) yield item as JsonMap
}

/** What an earlier run can tell: not what was only assumed there, and no templates. */
export const answersOfRun = (effects: readonly RunEffect[]): KnownAnswer[] =>
  effects
    .filter(({ by, effect }) => by !== 'record' && effect.kind !== 'template')
    .map(({ nodeId, effect, answer }) => ({ nodeId, effect, answer }))

/** Recordings of services: lists (or `{calls: […]}`) of `{request, reply: {status, json|body}}`, or of `{effect, answer}`. */
export function parseAnswers(value: Json): KnownAnswer[] {
  const list = Array.isArray(value) ? value : isMap(value) ? (value['calls'] ?? value['answers']) : null
  if (!Array.isArray(list)) return []
  return (list as readonly Json[]).flatMap((entry): KnownAnswer[] => {
    if (!isMap(entry)) return []
    const { request, reply, effect, answer, nodeId } = entry as JsonMap
    if (isMap(effect ?? null) && isMap(answer ?? null)) {
      const known = { effect: effect as unknown as Effect, answer: answer as unknown as EffectAnswer }
      return typeof (effect as JsonMap)['kind'] === 'string'
        ? [typeof nodeId === 'number' ? { ...known, nodeId } : known]
        : []
    }
    const body =
      isMap(request ?? null) && isMap((request as JsonMap)['body'] ?? null) ? (request as JsonMap)['body'] : request
    if (!isMap(body ?? null) || typeof (body as JsonMap)['module'] !== 'string' || reply === undefined) return []
    const family = 'params' in (body as JsonMap) && 'data' in (body as JsonMap) ? 'Action' : 'Enrichment'
    const query = { kind: 'misp-modules', family, body: body as JsonMap, timeoutSeconds: 10 } as const
    return [{ effect: query, answer: replyAnswer(reply) }]
  })
}

/** `{"service": "misp-modules", "answer": {"failure": …}}`: the service did not answer at all. */
export const isServiceDown = (value: Json): boolean => {
  const list = Array.isArray(value) ? value : isMap(value) ? (value['calls'] ?? value['answers'] ?? null) : null
  if (!Array.isArray(list)) return false
  return (list as readonly Json[]).some(
    (entry) => dig(entry, 'service') === 'misp-modules' && typeof dig(entry, 'answer', 'failure') === 'string'
  )
}

function replyAnswer(reply: Json): EffectAnswer {
  if (isMap(reply) && typeof reply['status'] === 'number') {
    const { status, json, body } = reply as JsonMap
    if (json !== undefined) return { json, status: Number(status) }
    return { status: Number(status), body: typeof body === 'string' ? body : JSON.stringify(body ?? '') }
  }
  return { json: reply }
}
