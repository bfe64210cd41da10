// `retrace template`: a Jinja template over data, within limits that may be given. It knows no workspace, so the renderer behind the operation is called:
// the whole text is printed, of which an app shows the beginning.
import { parseLimitWords } from '../engine/jinja/limit-settings.ts'
import { renderTemplate } from '../engine/jinja/render.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { readArgument, readBytes } from './input.ts'
import { namedFile } from './names.ts'

export const templateCommand: Command = async ({ args, print, usage }) => {
  const { options, words } = parseCommand(args, { data: 'text', limit: 'list', workspace: 'text' }, usage, {
    min: 1,
    max: 1
  })
  const file = words[0] as string
  const limits = parseLimitWords(options.limit)
  const template = (await readBytes(file, 'template')).toString('utf8')
  const dataFile = await namedFile(required(options.data, 'data', usage), 'data set', options.workspace)
  const data = await readArgument(dataFile, 'data')
  const { output, error } = renderTemplate(template, data, { limits, clock: () => performance.now() })
  print(JSON.stringify(error ? { error } : { output }))
  return error ? exitStatus.failure : exitStatus.success
}
