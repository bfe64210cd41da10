// `retrace check`: what MISP refuses (errors) and warns about in a workflow.
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { withFiles } from './files-host.ts'
import { readRunOptions } from './input.ts'
import { createStyle, visible } from './style.ts'
import { plural } from '../contract/words.ts'

export const checkCommand: Command = async (context) => {
  const { print, color } = context
  const environment = { settings: 'text', world: 'text', 'misp-defaults': 'flag', profile: 'text' } as const
  const kinds = { ...environment, workspace: 'text', json: 'flag', pick: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const { world, ...given } = await readRunOptions(options, context.complain)
  const asked = { allow: [], ...(world ? { world } : {}) }
  const [argument] = words as [string]
  const about = { ...options, named: { workflow: [argument] } }
  const problems = await withFiles(context, about, asked, async ({ host, workflow }) =>
    host.ask('workflows.check', { workflow: (await workflow(argument, options.pick)).source, options: given })
  )
  const errors = problems.filter(({ severity }) => severity === 'error')
  const warnings = problems.filter(({ severity }) => severity === 'warning')
  if (options.json) {
    print(JSON.stringify({ errors, warnings }, null, 2))
    return errors.length > 0 ? 1 : 0
  }
  const { red, yellow, green, dim, bold } = createStyle(color)
  for (const { severity, code, message, nodeIds, edges } of problems) {
    const mark = severity === 'error' ? red('error  ') : yellow('warning')
    const nodes = nodeIds.length > 0 ? `  ${dim(`node ${nodeIds.slice(0, 20).join(', ')}`)}` : ''
    print(`${mark} ${bold(code)}${nodes}`)
    print(`        ${visible(message)}`)
    for (const edge of edges.slice(0, 20))
      if (Array.isArray(edge)) print(dim(`        ${edge.slice(0, 2).join(' → ')}`))
  }
  if (problems.length === 0) print(green('no problems'))
  else print(`${plural(errors.length, 'error')}, ${plural(warnings.length, 'warning')}`)
  return errors.length > 0 ? 1 : 0
}
