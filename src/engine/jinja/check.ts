// What is wrong with a template before it has any data.
import { compileTemplate, type TemplateError } from './render.ts'
import { DEFAULT_LIMITS, withLimits } from './python/limits.ts'
import { parseTemplate } from './syntax/parser.ts'

/** Why no renderer can take the template, whatever the data; null for one that may work, and for one that is too large to look at here. */
export function templateFault(template: string): TemplateError | null {
  const compiled = compileTemplate(template)
  if ('error' in compiled) return compiled.error.type === 'LIMIT' ? null : compiled.error
  if (!/extends|include|import/.test(template)) return null
  // misp-modules gives its environment no loader: what always comes to such a tag always fails.
  const load = withLimits(DEFAULT_LIMITS, null, () => parseTemplate(template)).find(
    (node) =>
      node.kind === 'extends' ||
      node.kind === 'import' ||
      (node.kind === 'include' && node.template.kind !== 'list' && node.template.kind !== 'tuple')
  )
  if (load === undefined) return null
  return { type: 'TypeError', message: 'no loader for this environment specified', line: load.line }
}
