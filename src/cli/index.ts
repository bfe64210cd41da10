// The terminal shell. A command prints its result and answers an exit status; what goes wrong becomes `error CODE: message` on standard error.
import { largest } from '../contract/lists.ts'
import { CodedError, errorTable } from '../contract/errors.ts'
import type { ErrorCode } from '../contract/errors.ts'
import { toFailure } from '../host/registry/failure.ts'
import { endOnUncaught, isServing } from '../host/uncaught.ts'
import { commands, findCommand } from './commands.ts'
import type { CommandEntry } from './commands.ts'
import type { CommandContext } from './context.ts'
import { exitStatus } from './context.ts'
import { closeOutput, isOutputRead } from './drained.ts'
import { meant } from './near.ts'
import { createStyle, visible, wantsColor } from './style.ts'

export interface Surroundings {
  readonly root: string
  readonly version: string
}

/** Resolves to the exit status; never rejects. */
export async function main(args: readonly string[], { root, version }: Surroundings): Promise<number> {
  // Somebody who stops reading (`| head`) is no error: what was begun is done, and ends with its own status. What serves goes on without a
  // disk for what it prints, too.
  let unwritten: NodeJS.ErrnoException | null = null
  let hasEnded = false
  const complainOfOutput = ({ code }: NodeJS.ErrnoException): number =>
    complainOf(new CodedError('STORE_WRITE_FAILED', `Standard output cannot be written (${code}).`), around)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    closeOutput()
    if (error.code === 'EPIPE' || isServing() || unwritten !== null) return
    unwritten = error
    // Small output fails when everything else is done.
    if (hasEnded) process.exitCode = complainOfOutput(error)
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
    const status = await answerTo(args, around)
    return unwritten === null ? status : complainOfOutput(unwritten)
  } finally {
    hasEnded = true
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
    const subject = name !== undefined && isHelp(name) ? context.args[0] : name
    if (subject === undefined || isHelp(subject)) return say(context, help(context.color))
    const command = commandOf(subject)
    if (subject !== name || optionsIn(context.args).some(isHelp))
      return say(context, `retrace ${command.usage}\n\n${command.summary}`)
    const execute = await command.load()
    return await execute({ ...context, usage: command.usage })
  } catch (error) {
    return complainOf(error, context)
  }
}

const isHelp = (word: string): boolean => word === 'help' || word === '--help' || word === '-h'

/** Behind `--` stand words that are no options, such as those that a shell wants completed. */
function optionsIn(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).filter((word) => word.startsWith('-'))
}

/** Throws COMMAND_INVALID. */
function commandOf(name: string): CommandEntry {
  const command = findCommand(name)
  if (command) return command
  const near = meant(
    name,
    commands.map((one) => one.name)
  )
  const perhaps = near === null ? '' : ` Near it: ${near}.`
  throw new CodedError('COMMAND_INVALID', `There is no command “${name}”.${perhaps} \`retrace help\` lists them.`)
}

function say({ print }: CommandContext, text: string): number {
  print(text)
  return exitStatus.success
}

function complainOf(error: unknown, { complain }: Pick<CommandContext, 'complain'>): number {
  const { code, message, details } = toFailure(error, 'cli', logMistake)
  // Other commands name the file in the sentence; a place is worth its own words.
  const place = typeof details?.place === 'string' && !message.includes(details.place) ? ` (at ${details.place})` : ''
  complain(`error ${code}: ${visible(clipWords(message + place))}`)
  // Where a person said that it be written, and it cannot be.
  return details?.isPlace === true ? exitStatus.badInput : statusOfError(code)
}

/** Somebody's thousand letters must not push what is said about them off the screen; the longest path is shown whole. */
const clipWords = (text: string): string =>
  text.replace(/\S{1025,}/g, (word) => `${word.slice(0, 500)}…${word.slice(-100)}`)

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
