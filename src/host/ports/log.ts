// The host's own log: mistakes of ours, with their stacks. Nothing of it reaches a user's screen. It stays small whatever happens: a mistake that
// repeats is counted instead of written again, and at its limit the file begins anew, with the one before it kept.
import { closeSync, constants, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ErrorCode } from '../../contract/errors.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { maskUrls } from '../../contract/secrets.ts'
import type { Failure } from '../../contract/wire.ts'
import { ensureFolderSync } from '../store/ensure-folder.ts'
import { privateFile, privateFolder } from '../store/files.ts'
import { mayWrite } from '../store/hold.ts'

export type LogMistake = (context: string, error: unknown) => void

const mostBytes = 2 * 1024 * 1024
const mostText = 16 * 1024
/** Longer than what is written: a secret at the cut is whole when it is looked for. */
const mostHidden = 2 * mostText
/** Different mistakes that are counted; more are forgotten, and written again. */
const mostKinds = 500

/** The first few times, then each time that ten times as many came. */
const isWritten = (times: number): boolean => times <= 5 || /^10+$/.test(String(times))

/**
 * Appends to a file (`retrace.log`; `retrace.log.1` is the one before); standard error when that is impossible.
 * @param secrets what must not be written there; a message of a library may repeat what it was given
 */
export function createMistakeLog(file: string | null, secrets: () => Iterable<string> = () => []): LogMistake {
  const times = new Map<string, number>()
  return (context, error) => {
    const whole = `${context}: ${describe(error)}`.slice(0, mostHidden)
    const text = new SecretTexts(secrets()).hide(maskUrls(whole)).slice(0, mostText)
    const count = (times.get(text) ?? 0) + 1
    if (times.size >= mostKinds) times.clear()
    times.set(text, count)
    if (!isWritten(count)) return
    const line = `${new Date().toISOString()} ${count > 5 ? `(${count} times) ` : ''}${text}\n`
    try {
      if (file === null) throw new Error('no log file')
      if (!mayWrite(file)) throw new Error('the workspace is read-only')
      ensureFolderSync(dirname(file), privateFolder)
      if (sizeOf(file) > mostBytes) renameSync(file, `${file}.1`)
      append(file, line)
    } catch {
      process.stderr.write(line)
    }
  }
}

/** Contexts of which people are told; what follows is in the log alone. */
const mostTold = 20

/**
 * Logs, and tells a person once of each context: what the disk or the machine denied as that (`known`), all else as a mistake of Retrace.
 */
export function tellOnce(
  log: LogMistake,
  tell: (code: ErrorCode, message: string) => void,
  known: (error: unknown) => Failure | null
): LogMistake {
  const told = new Set<string>()
  return (context, error) => {
    log(context, error)
    if (told.has(context) || told.size >= mostTold) return
    told.add(context)
    const denied = known(error)
    if (denied) tell(denied.code, `${denied.message} Retrace continues without it (${context}).`)
    else tell('INTERNAL', `An internal error occurred (${context}); Retrace continues. Details are in retrace.log.`)
  }
}

/** Whatever was thrown, also what cannot be printed. */
function describe(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  } catch {
    return 'something that cannot be described'
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants

/** At once, because the process may be ending. A link, a pipe or a device in its place gets nothing. */
function append(file: string, line: string): void {
  const handle = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, privateFile)
  try {
    if (!fstatSync(handle).isFile()) throw new Error('no file')
    writeSync(handle, line)
  } finally {
    closeSync(handle)
  }
}
