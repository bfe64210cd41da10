// `retrace template`: a Jinja template over data, within limits that may be given.
import { readFile } from 'node:fs/promises'
import { CodedError } from '../contract/errors.ts'
import { parseLimitWords } from '../engine/jinja/limit-settings.ts'
import { renderTemplate } from '../engine/jinja/render.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { readArgument } from './input.ts'

export const templateCommand: Command = async ({ args, print, usage }) => {
  const { options, words } = parseCommand(args, { data: 'text', limit: 'list' }, usage, { min: 1, max: 1 })
  const file = words[0] as string
  const limits = parseLimitWords(options.limit)
  const template = await readFile(file, 'utf8').catch(() => {
    throw new CodedError('FILE_NOT_FOUND', `${file} cannot be read.`, { file })
  })
  const data = await readArgument(required(options.data, 'data', usage), 'data')
  const { output, error } = renderTemplate(template, data, { limits, clock: () => performance.now() })
  print(JSON.stringify(error ? { error } : { output }))
  return error ? exitStatus.failure : exitStatus.success
}
