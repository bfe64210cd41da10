// A misp-modules service over HTTP, asked as MISP's Module model asks it.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { rtrim } from '../../engine/php/cast.ts'
import { maskUrls } from '../../contract/secrets.ts'
import { decodeJson } from '../../engine/php/decode.ts'
import { encodeJson } from '../../engine/php/encode.ts'
import { serviceGuard } from './guard.ts'
import type { AddressGuard } from './guard.ts'
import { performHttp } from './http.ts'
import { inPlainWords } from './net-failure.ts'
import { plural } from '../../contract/words.ts'

type Query = Extract<Effect, { kind: 'misp-modules' }>

/** MISP waits one second for the list. */
const listSeconds = 1

/** The service itself, and nobody that it names: a redirect to another host is not followed. */
const guardOf = (url: string): AddressGuard => serviceGuard(URL.canParse(url) ? new URL(url).hostname : '')

const base = (url: string): string => rtrim(url, '/')

/** POST /query. The status and the body as they come: what MISP makes of them is the engine's business. */
export const queryModules = (query: Query, url: string, signal?: AbortSignal): Promise<EffectAnswer> =>
  performHttp(
    {
      kind: 'http',
      method: 'POST',
      url: `${base(url)}/query`,
      headers: [
        ['Accept', '*/*'],
        ['Content-Type', 'application/json']
      ],
      body: encodeJson(query.body)
    },
    { guard: guardOf(url), timeoutSeconds: query.timeoutSeconds, ...(signal ? { signal } : {}) }
  )

/** Far more than all of misp-modules: what is larger is no list of modules. */
const mostOfList = 8 * 1024 * 1024

/** GET /modules; null when MISP would call the service unreachable. */
export async function listModulesOf(url: string): Promise<readonly JsonMap[] | null> {
  const effect = { kind: 'http', method: 'GET', url: `${base(url)}/modules`, headers: [], body: '' } as const
  const answer = await performHttp(effect, { guard: guardOf(url), timeoutSeconds: listSeconds })
  if (!('body' in answer) || answer.status < 200 || answer.status > 206 || answer.body.length > mostOfList) return null
  try {
    const listed: Json = decodeJson(answer.body, { name: 'the list of modules' })
    return Array.isArray(listed) ? (listed as readonly JsonMap[]) : null
  } catch {
    return null
  }
}

/** GET /healthcheck and the list. */
export async function testModules(url: string): Promise<{ readonly ok: boolean; readonly message: string }> {
  const effect = { kind: 'http', method: 'GET', url: `${base(url)}/healthcheck`, headers: [], body: '' } as const
  const health = await performHttp(effect, { guard: guardOf(url), timeoutSeconds: 5 })
  if ('failure' in health) return { ok: false, message: inPlainWords(health.message) }
  const listed = await listModulesOf(url)
  if (listed === null)
    return { ok: false, message: `${maskUrls(base(url))} responds, but does not list its modules within one second.` }
  return { ok: true, message: `${plural(listed.length, 'module')} at ${maskUrls(base(url))}.` }
}
