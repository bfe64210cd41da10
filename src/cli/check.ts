// `retrace check`: what MISP refuses (errors) and warns about in a workflow.
import { problemsOf } from '../host/worker/workflow-check.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { readRunOptions, readWorkflow } from './input.ts'
import { createStyle, visible } from './style.ts'

export const checkCommand: Command = async ({ args, print, complain, color, usage }) => {
  const kinds = { settings: 'text', world: 'text', 'misp-defaults': 'flag', profile: 'text', json: 'flag' } as const
  const { options, words } = parseCommand(args, kinds, usage, { min: 1, max: 1 })
  const workflow = await readWorkflow(words[0] as string)
  const problems = problemsOf(workflow, await readRunOptions(options, complain))
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
  else print(`${errors.length} errors, ${warnings.length} warnings`)
  return errors.length > 0 ? 1 : 0
}
