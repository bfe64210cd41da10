// A template rendered by a real misp-modules service, asked as MISP asks it, beside what Retrace renders.
import type { TemplateLive } from '../../../contract/authoring.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { CodedError } from '../../../contract/errors.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import { renderTemplate } from '../../../engine/jinja/render.ts'
import { templateTextOf, timeoutOf } from '../../../engine/modules/shared/modules-service.ts'
import { encodeJson } from '../../../engine/php/encode.ts'
import { PhpThrow } from '../../../engine/php/exceptions.ts'
import type { EffectAnswer } from '../../../contract/run.ts'
import { queryModules } from '../../ports/misp-modules.ts'
import type { Refs } from '../thread/protocol.ts'

/** Nothing is contacted without a service that a person set. */
function serviceOf({ live }: Refs): string {
  if (!live?.mispModules.set)
    throw new CodedError(
      'SERVICE_NOT_SET',
      'No misp-modules service is configured: add one under Settings › Live services, or set Plugin.Enrichment_services_url.'
    )
  return live.mispModules.Enrichment
}

/** WorkflowBaseModule::render_jinja_template: `text` is a JSON text inside of the JSON body. */
const bodyOf = (template: string, data: Json): JsonMap => ({
  module: 'jinja_template_rendering',
  text: encodeJson({ template, data })
})

/** Sends the template and the data. Throws SERVICE_NOT_SET. `shown`: characters of the text that are answered. */
export async function renderLive(template: string, data: Json, refs: Refs, shown: number): Promise<TemplateLive> {
  const url = serviceOf(refs)
  const shownUrl = maskUrls(url)
  const timeoutSeconds = timeoutOf(refs.settings ?? {}, { family: 'Enrichment' })
  const body = bodyOf(template, data)
  const answer = await queryModules(
    { kind: 'misp-modules', family: 'Enrichment', body, timeoutSeconds },
    url,
    refs.halt?.signal
  )
  if ('failure' in answer) return { error: `${shownUrl} does not respond: ${answer.message}` }
  const said = errorOf(answer)
  if (said !== null) return { error: `${shownUrl} returns the error “${said}”; MISP uses an empty text.` }
  try {
    const text = templateTextOf(answer)
    const own = renderTemplate(template, data, {
      limits: refs.limits ?? {},
      clock: () => performance.now()
    })
    return { text: text.slice(0, shown), characters: text.length, same: text === own.output }
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    const status = 'status' in answer ? ` (status ${answer.status})` : ''
    return { error: `${shownUrl} returns no text${status}; in MISP the run ends with a TypeError.` }
  }
}

/** The service's own error, which comes with status 200. */
function errorOf(answer: EffectAnswer): string | null {
  if (!('body' in answer)) return null
  try {
    const reply: unknown = JSON.parse(answer.body)
    if (typeof reply !== 'object' || reply === null || !('error' in reply) || !reply.error) return null
    return typeof reply.error === 'string' ? reply.error : JSON.stringify(reply.error)
  } catch {
    return null
  }
}
