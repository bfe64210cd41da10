// The engine's ports on Node: time, ids, and the renderer of templates.
import type { JsonMap } from '../../contract/json.ts'
import { templateLimitsOf } from '../../engine/jinja/limit-settings.ts'
import type { Limits } from '../../engine/jinja/limits.ts'
import { renderTemplate } from '../../engine/jinja/render.ts'
import type { Ports, Render } from '../../engine/effects/ports.ts'
import { runClock } from '../ports/clock.ts'
import { newUuid } from '../ports/ids.ts'

/** As misp-modules renders: within limits of steps and time, so that no template can hang the worker. */
const renderer =
  (limits: Partial<Limits>): Render =>
  (template, data) => {
    const { output, error } = renderTemplate(template, data, { limits, clock: () => performance.now() })
    if (!error) return { text: output }
    const { type, message, line } = error
    return { error: { type, message, ...(line === null ? {} : { line }) } }
  }

/** `settings`: the later ones win; of them, the limits of templates. Throws SETTING_INVALID. */
export const enginePorts = (...settings: readonly (JsonMap | undefined)[]): Ports => ({
  clock: runClock(),
  uuid: newUuid,
  render: renderer(templateLimitsOf(...settings))
})
