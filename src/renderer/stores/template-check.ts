// The parser of templates is large and only the editor needs it: it comes when a workflow is opened there.
import type { templateFault } from '../../engine/jinja/check.ts'

let fault: typeof templateFault | undefined

/** Undefined until it is there. */
export const templateCheck = (): typeof templateFault | undefined => fault

/** Resolves when it is there, or cannot be had: the editor's other checks do without. */
export async function loadTemplateCheck(): Promise<void> {
  try {
    fault ??= (await import('../../engine/jinja/check.ts')).templateFault
  } catch {
    // The host is gone; the next workflow that is opened asks again.
  }
}
