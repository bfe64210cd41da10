import type { Json, JsonMap } from '../../../../contract/json.ts'
import { explode, phpString, strlen, trim } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { jsonDecode } from '../../../php/decode.ts'
import { PhpThrow } from '../../../php/exceptions.ts'
import { extractData } from '../../../conditions/conditions.ts'
import { isArray, isEmpty } from '../../../php/values.ts'
import type { Gen } from '../../../effects/signals.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { arbitraryUrlsOff } from '../../describe/urls-off.ts'
import { isOk, sendRequest } from '../../shared/http.ts'
import type { WebRequest, WebResponse } from '../../shared/http.ts'

/** Module_webhook::exec's first lines; telegram-send-alert never asks. Says why nothing may be sent, or null. */
export const urlsForbidden = (ctx: ModuleContext): string | null =>
  isEmpty(ctx.settings['Security.rest_client_enable_arbitrary_urls']) ? arbitraryUrlsOff : null

/** "Name: value" lines; a line without a colon is left out. */
function headersOf(text: Json): [string, string][] {
  const headers = new Map<string, string>()
  for (const line of explode('\n', phpString(text))) {
    const colon = line.indexOf(':')
    if (colon >= 0) headers.set(trim(line.slice(0, colon)), trim(line.slice(colon + 1)))
  }
  return [...headers]
}

/**
 * A payload that is JSON is sent as JSON; one that is not, as a text in JSON. Older versions hand PHP's decoder whatever there is, which makes
 * null of a list or map.
 */
function decoded(payload: Json, textsOnly: boolean): Json {
  if (typeof payload !== 'string')
    return textsOnly ? payload : isArray(payload) ? null : decoded(phpString(payload), true)
  try {
    return jsonDecode(payload)
  } catch (thrown) {
    if (thrown instanceof PhpThrow && !thrown.isError) return payload
    throw thrown
  }
}

/** What MISP puts into the errors for an answer or an exception; null when the answer is fine. */
function* problemOf(send: Gen<WebResponse>): Gen<string | null> {
  let response: WebResponse
  try {
    response = yield* send
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow) || thrown.isError) throw thrown
    return thrown.phpClass === 'SocketException'
      ? `Something went wrong while sending the request. Error returned: ${thrown.message}`
      : `Something went wrong. Error returned: ${thrown.message}`
  }
  if (isOk(response)) return null
  if (response.status === 401 || response.status === 403) return 'Authentication failed.'
  return `Something went wrong with the request or the remote side is having issues. Body returned: ${response.body}`
}

/** Module_webhook::exec, with the request as its subclasses change it. Parameters that a subclass lacks are absent. */
export function* executeWebhook(ctx: ModuleContext, build: (request: WebRequest) => WebRequest): Gen<boolean> {
  const data = ctx.getData()
  const forbidden = urlsForbidden(ctx)
  if (forbidden !== null) {
    ctx.addError(forbidden)
    return false
  }
  const params: JsonMap = yield* ctx.params()
  const { url = null, content_type: contentType = null, payload = null } = params
  if (isEmpty(url)) {
    ctx.addError('URL not provided.')
    return false
  }
  const body: Json = strlen(payload) > 0 ? payload : data
  const request: WebRequest = {
    url,
    contentType,
    data: looseEquals(contentType, 'json') ? decoded(body, ctx.profile.webhookDecodesTextsOnly) : body,
    headers: headersOf(params['headers'] ?? null),
    method: params['request_method'] ?? null,
    selfSigned: looseEquals(params['self_signed'] ?? null, 'allow')
  }
  const problem = yield* problemOf(sendRequest(ctx, build(request)))
  if (problem !== null) ctx.addError(problem)
  return problem === null
}

export const execute: Execute = (ctx) => executeWebhook(ctx, (request) => request)

/** Module_webhook::exec of version 0.4: a POST of what a path finds in the data. */
export function* executeOldWebhook(ctx: ModuleContext, build: (request: WebRequest) => WebRequest): Gen<boolean> {
  const forbidden = urlsForbidden(ctx)
  if (forbidden !== null) {
    ctx.addError(forbidden)
    return false
  }
  const { url = '', content_type: contentType = '', data_extraction_path: path = '' } = yield* ctx.params()
  if (isEmpty(url)) {
    ctx.addError('URL not provided.')
    return false
  }
  const data = ctx.getData()
  const extracted = isEmpty(path) ? data : extractData(data, path)
  const problem = yield* problemOf(sendRequest(ctx, build({ url, contentType, data: extracted })))
  if (problem !== null) ctx.addError(problem)
  return problem === null
}

export const versions = { '2.4.177': { execute: ((ctx) => executeOldWebhook(ctx, (request) => request)) as Execute } }
