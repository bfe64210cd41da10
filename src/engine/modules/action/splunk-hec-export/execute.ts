import type { Json, JsonMap } from '../../../../contract/json.ts'
import { phpString } from '../../../php/cast.ts'
import { jsonDecode } from '../../../php/decode.ts'
import { encodeJson } from '../../../php/encode.ts'
import { badArgument } from '../../../php/bad-argument.ts'
import { phpError, PhpThrow } from '../../../php/exceptions.ts'
import { count, isArray, isEmpty, phpType, withoutKeys } from '../../../php/values.ts'
import { extractData } from '../../../conditions/conditions.ts'
import type { Gen } from '../../../effects/signals.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { isOk, sendRequest } from '../../shared/http.ts'
import type { WebRequest } from '../../shared/http.ts'
import { each, offset } from '../../shared/params.ts'
import { urlsForbidden } from '../webhook/execute.ts'

/** The events as the extraction model cuts them; models and paths that PHP does not survive throw here. */
function extracted(events: Json[], model: Json): Json[] {
  return events.map((event) => {
    const fields = each(model).map(([field, path]): [string, Json] => {
      const found = extractData(event, path)
      if (!isArray(found)) {
        badArgument(`count(): Argument #1 ($value) must be of type Countable|array, ${phpType(found)} given`)
        return [field, found === null ? null : offset(found, '0')]
      }
      return [field, count(found) === 1 ? offset(found, '0') : found]
    })
    return Object.fromEntries(fields)
  })
}

/** sendToSplunk(): true when everything was sent. */
type SendEvents = (ctx: ModuleContext, events: readonly Json[], params: JsonMap) => Gen<boolean>

/** Module_splunk_hec_export::exec. */
const exportWith = (send: SendEvents): Execute =>
  function* (ctx) {
    const refuse = (text: string): boolean => {
      ctx.addError(text)
      return false
    }
    const forbidden = urlsForbidden(ctx)
    if (forbidden !== null) return refuse(forbidden)
    const data = ctx.getData()
    const params = yield* ctx.params()
    const { url = '', hec_token = '', event_per_attribute = '', data_extraction_model: model = '' } = params
    if (isEmpty(url)) return refuse('URL not provided.')
    if (isEmpty(hec_token)) return refuse('Authorization token not provided.')
    const event = offset(data, 'Event')
    const bare = isArray(event) ? withoutKeys(event, new Set(['Attribute', '_AttributeFlattened'])) : event
    let events: Json[] = [data]
    if (!isEmpty(event_per_attribute)) {
      events = each(offset(event, 'Attribute')).map(([, attribute]) => ({ Attribute: attribute, Event: bare }))
    }
    if (!isEmpty(model)) events = extracted(events, jsonDecode(phpString(model)))
    return yield* send(ctx, events, params)
  }

/**
 * sendToSplunk() hands its server settings over where doRequest() expects the method: nothing is sent, and the missing response is an Error
 * that ends the run. Only a run without a single event survives.
 */
const neverSend: SendEvents = function* ({ profile }, events) {
  if (events.length === 0) return true
  encodeJson({ event: events[0] ?? null })
  const hint = `In MISP ${profile.id} this module always ends so, before it sends anything: it hands its TLS settings over as the request method.`
  throw phpError('Error', 'Call to a member function isOk() on null').withHint(hint)
}

/** Older versions do send. What goes wrong is a failure without a text: the errors are no argument of sendToSplunk(). */
const sendEach: SendEvents = function* (ctx, events, { url = '', hec_token = '', source_type = '' }) {
  for (const event of events) {
    const type: JsonMap = isEmpty(source_type) ? {} : { sourcetype: source_type }
    const request: WebRequest = {
      ...{ url, contentType: 'json', data: { event, ...type } },
      headers: [['Authorization', `Splunk ${phpString(hec_token)}`]],
      selfSigned: true
    }
    try {
      if (!isOk(yield* sendRequest(ctx, request))) return false
    } catch (thrown) {
      if (!(thrown instanceof PhpThrow) || thrown.isError) throw thrown
      return false
    }
  }
  return true
}

export const execute = exportWith(neverSend)
export const versions = { '2.4.177': { execute: exportWith(sendEach) } }
