// `retrace normalize`: the data as a trigger hands it to the first node.
import { encodeJson } from '../engine/php/encode.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { withFiles } from './files-host.ts'
import { readRunOptions } from './input.ts'
import { profileFor } from './recognised.ts'
import { visible } from './style.ts'

export const normalizeCommand: Command = async (context) => {
  const kinds = { data: 'text', index: 'text', world: 'text', profile: 'text', workspace: 'text', raw: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const file = required(options.data, 'data', context.usage)
  const trigger = words[0] as string
  const profile = profileFor(trigger, options, context)
  const { world, ...given } = await readRunOptions({ ...options, profile }, context.complain)
  const asked = { allow: [], ...(world ? { world } : {}) }
  const { value, assumptions } = await withFiles(
    context,
    { ...options, named: { 'data set': [file] } },
    asked,
    async ({ host, data }) => host.ask('normalize', { trigger, data: await data(file, options.index), options: given })
  )
  for (const text of assumptions) context.complain(`assumed: ${visible(text)}`)
  context.print(encodeJson(value, true))
  return 0
}
