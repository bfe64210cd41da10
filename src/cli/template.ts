// `retrace template`: a Jinja template over data, within the limits of the workspace and those that are given.
import { parseLimitWords } from '../engine/jinja/limit-settings.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { withFiles } from './files-host.ts'
import { readBytes } from './input.ts'

export const templateCommand: Command = async (context) => {
  const kinds = { data: 'text', limit: 'list', workspace: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const file = required(options.data, 'data', context.usage)
  const limits = parseLimitWords(options.limit)
  const template = (await readBytes(words[0] as string, 'template')).toString('utf8')
  const about = { workspace: options.workspace, named: { 'data set': [file] }, isAlone: true }
  return withFiles(context, about, { allow: [], limits }, async ({ host, data }) => {
    const asked = { template, data: await data(file, undefined), whole: true }
    const { text, error } = await host.ask('template.render', asked)
    context.print(JSON.stringify(error ? { error } : { output: text }))
    return error ? exitStatus.failure : exitStatus.success
  })
}
