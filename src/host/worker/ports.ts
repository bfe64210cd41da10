// The engine's ports on Node: time, ids, and the renderer of templates.
import type { Limits } from '../../engine/jinja/python/limits.ts'
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

/** `limits`: of templates, where they are not the usual ones. */
export const enginePorts = (limits: Partial<Limits> = {}): Ports => ({
  clock: runClock(),
  uuid: newUuid,
  render: renderer(limits)
})
