// `retrace hash`: CakePHP's Hash::extract and Hash::get over a file or a data set.
import type { Json } from '../contract/json.ts'
import { CodedError } from '../contract/errors.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { withFiles } from './files-host.ts'

export const hashCommand: Command = async (context) => {
  const { print, complain, usage } = context
  const kinds = { data: 'text', explain: 'flag', workspace: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, usage, {
    ...{ min: 2, max: 2 },
    // The empty path is the data itself.
    mayBeEmpty: true
  })
  const [method, path] = words as [string, string]
  if (method !== 'extract' && method !== 'get')
    throw new CodedError('COMMAND_INVALID', `“${method}” is neither extract nor get. Usage: retrace ${usage}`)
  const file = required(options.data, 'data', usage)
  const about = { workspace: options.workspace, named: { 'data set': [file] }, isAlone: true }
  return withFiles(context, about, { allow: [] }, async (files) => {
    const asked = { data: await files.data(file, undefined), path }
    if (options.explain) print(encodeJson(await files.host.ask('hash.explain', asked), true))
    else if (method === 'get') print(encodeJson((await files.host.ask('hash.get', asked)).value, true))
    else {
      const { value, warnings } = await files.host.ask('hash.extract', asked)
      for (const warning of warnings) complain(`warning ${warning}`)
      print(encodeJson(value as Json, true))
    }
    return 0
  })
}
