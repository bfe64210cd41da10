// A command in the test's own process: a tenth of the time of a process of its own, for tests of what it says, not of how it starts and ends.
import { fileURLToPath } from 'node:url'
import { findCommand } from '../../../src/cli/commands.ts'
import { CodedError } from '../../../src/contract/errors.ts'
import type { Ended } from './retrace.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** `status` is -1 where the command ended with an error, which `err` says as the command line would. */
export async function retraceHere(...[name = '', ...args]: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []]
  const print = (text: string): void => void out.push(text)
  const complain = (text: string): void => void err.push(text)
  const command = findCommand(name)
  if (!command) throw new Error(`no command ${name}`)
  const ended = await command
    .load()
    .then((execute) => execute({ args, root, version: '0', usage: command.usage, color: false, print, complain }))
    .catch((error: unknown) => {
      if (!(error instanceof CodedError)) throw error
      complain(`error ${error.code}: ${error.message}`)
      return -1
    })
  return { status: ended, out: out.join('\n'), err: err.join('\n') }
}
