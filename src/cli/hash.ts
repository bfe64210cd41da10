// `retrace hash`: CakePHP's Hash::extract and Hash::get over a file. They know no workspace, so the functions behind the operations are called: all matches
// are printed, and what PHP warns of, which pages of an app do not need.
import type { Json } from '../contract/json.ts'
import { CodedError } from '../contract/errors.ts'
import { explainExtract } from '../engine/hash/explain.ts'
import { extract, get } from '../engine/hash/hash.ts'
import { createScope } from '../engine/hash/report.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { readArgument } from './input.ts'
import { namedFile } from './names.ts'

export const hashCommand: Command = async ({ args, print, complain, usage }) => {
  const { options, words } = parseCommand(args, { data: 'text', explain: 'flag', workspace: 'text' }, usage, {
    ...{ min: 2, max: 2 },
    // The empty path is the data itself.
    mayBeEmpty: true
  })
  const [method, path] = words as [string, string]
  if (method !== 'extract' && method !== 'get')
    throw new CodedError('COMMAND_INVALID', `“${method}” is neither extract nor get. Usage: retrace ${usage}`)
  const file = await namedFile(required(options.data, 'data', usage), 'data set', options.workspace)
  const data = await readArgument(file, 'data')
  if (options.explain) {
    print(encodeJson(explainExtract(data, path) as unknown as Json, true))
    return 0
  }
  const warnings = new Set<string>()
  const result =
    method === 'get'
      ? get(data, path)
      : extract(
          data,
          path,
          createScope((warning) => void warnings.add(warning.text))
        )
  for (const warning of warnings) complain(`warning ${warning}`)
  print(encodeJson(result as Json, true))
  return 0
}
