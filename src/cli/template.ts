// `retrace template`: a Jinja template over data.
import { readFile } from 'node:fs/promises'
import { CodedError } from '../contract/errors.ts'
import { enginePorts } from '../host/worker/ports.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { readArgument } from './input.ts'

export const templateCommand: Command = async ({ args, print, complain, usage }) => {
  const { options, words } = parseCommand(args, { data: 'text' }, usage, { min: 1, max: 1 })
  const file = words[0] as string
  const template = await readFile(file, 'utf8').catch(() => {
    throw new CodedError('FILE_NOT_FOUND', `${file} cannot be read.`, { file })
  })
  const data = await readArgument(required(options.data, 'data', usage), 'data')
  const { render } = enginePorts()
  if (!render) {
    complain('error OPERATION_NOT_READY: The template renderer is not there yet.')
    return exitStatus.cannotTell
  }
  const rendered = render(template, data)
  if ('text' in rendered) {
    print(JSON.stringify({ output: rendered.text }))
    return exitStatus.success
  }
  print(JSON.stringify({ error: rendered.error }))
  return exitStatus.failure
}
