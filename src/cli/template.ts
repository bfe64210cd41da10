// `retrace template`: a Jinja template over data, within the limits of the workspace and those that are given.
import { mostTemplate } from '../contract/authoring.ts'
import { CodedError } from '../contract/errors.ts'
import { parseLimitWords } from '../engine/jinja/limit-settings.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { withFiles } from './files-host.ts'
import { nameOf, readBytes } from './input.ts'

export const templateCommand: Command = async (context) => {
  const kinds = { data: 'text', limit: 'list', workspace: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const file = required(options.data, 'data', context.usage)
  const limits = parseLimitWords(options.limit)
  const given = words[0] as string
  const template = (await readBytes(given, 'template')).toString('utf8')
  if (template.length > mostTemplate)
    throw new CodedError(
      'INPUT_TOO_LARGE',
      `${nameOf(given)} is too large for a template (10,000,000 characters at most).`,
      {
        file: given
      }
    )
  const about = { workspace: options.workspace, named: { 'data set': [file] }, isAlone: true }
  return withFiles(context, about, { allow: [], limits }, async ({ host, data }) => {
    const asked = { template, data: await data(file, undefined), whole: true }
    const { text, error } = await host.ask('template.render', asked)
    context.print(JSON.stringify(error ? { error } : { output: text }))
    return error ? exitStatus.failure : exitStatus.success
  })
}
