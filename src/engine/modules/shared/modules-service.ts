// How MISP asks a misp-modules service (Module::queryModuleServer) and what it makes of the answers.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../../contract/run.ts'
import { phpBool, phpFloat, phpString } from '../../php/cast.ts'
import { jsonDecode } from '../../php/decode.ts'
import { PhpThrow, phpError } from '../../php/exceptions.ts'
import { isArray, isEmpty, isSet, phpType, withKey } from '../../php/values.ts'
import { CannotTell } from '../../effects/cannot-tell.ts'
import { renderPlain } from '../../effects/render-plain.ts'
import type { Gen } from '../../effects/signals.ts'
import type { ModuleContext, Settings } from '../context.ts'
import { offset } from './params.ts'

export type Family = 'Enrichment' | 'Action'

/** What queries need of a context; the walker builds a context's `render` from these before the context exists. */
export type ServiceAccess = Pick<ModuleContext, 'settings' | 'ask' | 'serviceModules' | 'profile'>

export interface Query {
  readonly body: JsonMap
  readonly family: Family
  /** Enrichment on hover has its own, shorter limit. */
  readonly hover?: boolean
}

/**
 * `Plugin.X_services_enable`. MISP's default is off; settings that do not name it are those of someone who wants to see the
 * workflow work (the run states that assumption).
 */
const servicesEnabled = (settings: Settings, family: Family): boolean => {
  const setting = settings[`Plugin.${family}_services_enable`]
  return setting === undefined || phpBool(setting)
}

/** Module::getModules: what the service lists, null when it is down or switched off. */
export const listedModules = (access: ServiceAccess, family: Family): readonly JsonMap[] | null =>
  servicesEnabled(access.settings, family) ? access.serviceModules(family) : null

/** `Configure::read('Plugin.X_timeout') ?: 10`. */
export function timeoutOf(settings: Settings, { family, hover }: Pick<Query, 'family' | 'hover'>): number {
  const setting = settings[`Plugin.${family}_${hover ? 'hover_timeout' : 'timeout'}`] ?? null
  return isEmpty(setting) ? (hover ? 5 : 10) : phpFloat(setting)
}

/** Module::sendRequest: the reply as data, or false where MISP catches an exception (no service, no 2xx, no JSON). */
export function* query(access: ServiceAccess, wanted: Query): Gen<Json> {
  if (listedModules(access, wanted.family) === null) return false
  const effect: Effect = {
    kind: 'misp-modules',
    family: wanted.family,
    body: wanted.body,
    timeoutSeconds: timeoutOf(access.settings, wanted)
  }
  const answer = yield* access.ask(effect)
  if ('failure' in answer && answer.failure === 'unavailable') {
    const name = phpString(wanted.body['module'] ?? '')
    throw new CannotTell('NO_MODULE_ANSWER', `No response for module ${name}: ${answer.message}`)
  }
  return replyOf(answer)
}

/** A reply as HttpSocketResponseExtended::json reads it; false for anything MISP logs as "Failed to query module". */
function replyOf(answer: EffectAnswer): Json {
  if ('failure' in answer || 'sent' in answer) return false
  if ('json' in answer) return isOk(answer.status ?? 200) ? answer.json : false
  if ('text' in answer) return false
  if (!isOk(answer.status) || answer.body === '') return false
  try {
    return jsonDecode(answer.body)
  } catch (thrown) {
    if (thrown instanceof PhpThrow) return false
    throw thrown
  }
}

const isOk = (status: number): boolean => status >= 200 && status <= 206

/**
 * Module::queryModuleServer for enrichment: fires enrichment-before-query first. A workflow that blocks makes MISP's method
 * answer with a text instead of a reply.
 */
export function* queryEnrichment(ctx: ModuleContext, wanted: Query, triggerData: JsonMap): Gen<Json> {
  const trigger = 'enrichment-before-query'
  const module = wanted.body['module'] ?? null
  const fired = yield* ctx.fire(trigger, withKey(triggerData, '_module', module) as JsonMap)
  if (!fired.success) return `Trigger \`${trigger}\` blocked enrichment`
  return yield* query(ctx, wanted)
}

const noText = (type: string): PhpThrow =>
  phpError(
    'TypeError',
    `WorkflowBaseModule::render_jinja_template(): Return value must be of type string, ${type} returned`
  )

/**
 * WorkflowBaseModule::render_jinja_template. Where the service gives no text (down, switched off, an odd reply) PHP's return
 * type makes it a TypeError, which ends the run; an error of the template itself is an empty text. Throws CannotTell when the
 * text has markup and nobody can render it.
 */
export function* renderTemplate(access: ServiceAccess, template: Json, data: Json, param: string): Gen<string> {
  const { unrenderedIsEmpty } = access.profile
  if (listedModules(access, 'Enrichment') === null) return unrendered(unrenderedIsEmpty)
  const text = phpString(template)
  const sent = typeof template === 'string' ? {} : { sent: template }
  const answer = yield* access.ask({ kind: 'template', template: text, data, param, ...sent })
  // The service answers a template that is no text (a number, true) with an empty text.
  if (typeof template !== 'string') return ''
  if ('failure' in answer) {
    if (answer.failure !== 'unavailable') return unrendered(unrenderedIsEmpty)
    const plain = renderPlain(text)
    if (plain !== null) return plain
    throw new CannotTell('NO_TEMPLATE_RENDERER', `The parameter ${param} needs a template renderer: ${answer.message}`)
  }
  if ('text' in answer) return answer.error ? '' : answer.text
  const reply = replyOf(answer)
  return reply === false ? unrendered(unrenderedIsEmpty) : textOfReply(reply)
}

/** The service did not answer. */
function unrendered(isEmptyText: boolean): string {
  if (isEmptyText) return ''
  throw noText('null')
}

/** `$result['results'][0]['values'][0]` with PHP's reading of texts and its return type. */
function textOfReply(reply: Json): string {
  if (isArray(reply) && !isEmpty(offset(reply, 'error'))) return ''
  const values = offset(offset(offset(reply, 'results'), '0'), 'values')
  const text = offset(values, '0')
  if (text === null || isArray(text)) throw noText(phpType(text))
  return phpString(text)
}

/** What MISP makes of the service's answer to jinja_template_rendering. Throws PHP's TypeError where that is no text. */
export const templateTextOf = (answer: EffectAnswer): string => textOfReply(replyOf(answer))

/** Names and values of `Plugin.Enrichment_<module>_<name>` for a module's `meta.config`; null where MISP has none. */
export function moduleConfig(settings: Settings, module: Json): JsonMap | null {
  const meta = offset(module, 'meta')
  if (!isArray(meta) || !isSet(meta, 'config')) return null
  const config = offset(meta, 'config')
  const names = isArray(config) ? Object.values(config) : []
  const name = phpString(offset(module, 'name'))
  return Object.fromEntries(
    names.map((key: Json): [string, Json] => {
      const text = phpString(key)
      return [text, settings[`Plugin.Enrichment_${name}_${text}`] ?? null]
    })
  )
}
