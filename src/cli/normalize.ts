// `retrace normalize`: the data as a trigger hands it to the first node.
import { encodeJson } from '../engine/php/encode.ts'
import { normalizeInput } from '../host/worker/stateless.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { readData, readRunOptions } from './input.ts'

export const normalizeCommand: Command = async ({ args, print, complain, usage }) => {
  const { options, words } = parseCommand(
    args,
    { data: 'text', index: 'text', world: 'text', profile: 'text' },
    usage,
    {
      min: 1,
      max: 1
    }
  )
  const data = await readData(required(options.data, 'data', usage), options.index)
  const given = await readRunOptions(options, complain)
  print(encodeJson(normalizeInput(words[0] as string, data, given), true))
  return 0
}
