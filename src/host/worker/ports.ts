// The engine's ports on Node: time, ids, and the renderer of templates.
import { renderTemplate } from '../../engine/jinja/render.ts'
import type { Ports, Render } from '../../engine/run/ports.ts'
import { systemClock } from '../ports/clock.ts'
import { newUuid } from '../ports/ids.ts'

/** As misp-modules renders: within limits of steps and time, so that no template can hang the worker. */
const render: Render = (template, data) => {
  const { output, error } = renderTemplate(template, data, { clock: () => performance.now() })
  if (!error) return { text: output }
  const { type, message, line } = error
  return { error: { type, message, ...(line === null ? {} : { line }) } }
}

export const enginePorts = (): Ports => ({ clock: systemClock, uuid: newUuid, render })
