// The terminal shell. A command prints its result and answers an exit status; what goes wrong becomes `error CODE: message` on standard error.
import { largest } from '../contract/lists.ts'
import { CodedError, errorTable } from '../contract/errors.ts'
import type { ErrorCode } from '../contract/errors.ts'
import { toFailure } from '../host/registry/failure.ts'
import { endOnUncaught, isServing } from '../host/uncaught.ts'
import { commands, findCommand } from './commands.ts'
import type { CommandContext } from './context.ts'
import { exitStatus } from './context.ts'
import { closeOutput, isOutputRead } from './drained.ts'
import { createStyle, visible, wantsColor } from './style.ts'

export interface Surroundings {
  readonly root: string
  readonly version: string
}

/** Resolves to the exit status; never rejects. */
export async function main(args: readonly string[], { root, version }: Surroundings): Promise<number> {
  // Somebody who stops reading (`| head`) is no error: what was begun is done, and ends with its own status. What serves goes on without a
  // disk for what it prints, too.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    closeOutput()
    if (error.code !== 'EPIPE' && !isServing()) throw error
  })
  process.stderr.on('error', () => undefined)
  const around = {
    version,
    root,
    color: wantsColor(),
    print: (line: string) => void (isOutputRead() && process.stdout.write(`${line}\n`)),
    complain: (line: string) => void process.stderr.write(`${line}\n`)
  }
  const unhear = endOnUncaught((_context, error) => process.exit(complainOf(error, around)))
  try {
    return await answerTo(args, around)
  } finally {
    unhear()
  }
}

/** The same inside any process: resolves to the exit status, and never rejects. */
export async function answerTo(
  args: readonly string[],
  around: Omit<CommandContext, 'args' | 'usage'>
): Promise<number> {
  const context: CommandContext = { ...around, args: args.slice(1), usage: '' }
  try {
    const [name] = args
    if (name === '--version' || name === '-v') return say(context, context.version)
    if (name === undefined || name === 'help' || name === '--help' || name === '-h')
      return say(context, help(context.color))
    const command = findCommand(name)
    if (!command) throw new CodedError('COMMAND_INVALID', `There is no command “${name}”. \`retrace help\` lists them.`)
    if (context.args.includes('--help')) return say(context, `retrace ${command.usage}\n\n${command.summary}`)
    const execute = await command.load()
    return await execute({ ...context, usage: command.usage })
  } catch (error) {
    return complainOf(error, context)
  }
}

function say({ print }: CommandContext, text: string): number {
  print(text)
  return exitStatus.success
}

function complainOf(error: unknown, { complain }: Pick<CommandContext, 'complain'>): number {
  const { code, message, details } = toFailure(error, 'cli', logMistake)
  // Other commands name the file in the sentence; a place is worth its own words.
  const place = typeof details?.place === 'string' && !message.includes(details.place) ? ` (at ${details.place})` : ''
  complain(`error ${code}: ${visible(message + place)}`)
  return statusOfError(code)
}

/** The stack goes to whoever asked for it, never to a user. */
const logMistake = (_context: string, error: unknown): void => {
  if (process.env.RETRACE_DEBUG) console.error(error)
}

export function statusOfError(code: ErrorCode): number {
  if (code === 'INTERNAL' || code === 'WORKER_STOPPED' || code === 'STORE_WRITE_FAILED') return exitStatus.internal
  if (code === 'OPERATION_NOT_READY' || code === 'MODULE_UNKNOWN' || code === 'RUN_NOT_REPEATABLE')
    return exitStatus.cannotTell
  if (code === 'MISP_FAILS' || code === 'HOST_LOST') return exitStatus.failure
  return Object.hasOwn(errorTable, code) ? exitStatus.badInput : exitStatus.internal
}

function help(color: boolean): string {
  const { bold, dim } = createStyle(color)
  const width = largest(commands.map(({ usage }) => (usage.split(' ')[0] ?? '').length))
  const lines = commands.map(({ name, summary }) => `  ${bold(name.padEnd(width))}  ${summary}`)
  return [
    'Debug and replay MISP workflows offline.',
    '',
    `retrace ${dim('COMMAND …')}`,
    '',
    ...lines,
    '',
    dim('retrace COMMAND --help shows the arguments of a command.')
  ].join('\n')
}
