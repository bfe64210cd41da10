// The user's own folder of Retrace, apart from every workspace: which custom modules were switched on, and encrypted keys.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { CodedError } from '../contract/errors.ts'

export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.RETRACE_USER_FOLDER) return env.RETRACE_USER_FOLDER
  if (process.platform === 'win32') return join(env.APPDATA || join(home(), 'AppData', 'Roaming'), 'retrace')
  if (process.platform === 'darwin') return join(home(), 'Library', 'Application Support', 'retrace')
  // One that is no whole path does not count (XDG Base Directory Specification).
  const given = env.XDG_DATA_HOME ?? ''
  return join(isAbsolute(given) ? given : join(home(), '.local', 'share'), 'retrace')
}

/** The user's own workspace, which every way to start opens while no other one is named. */
export const defaultWorkspace = (env: NodeJS.ProcessEnv = process.env): string =>
  env.RETRACE_WORKSPACE || join(userFolder(env), 'workspace')

/** A user whom the system does not know, as in some containers, has none. Throws COMMAND_INVALID. */
function home(): string {
  let folder = ''
  try {
    folder = homedir()
  } catch {
    // Told below.
  }
  if (isAbsolute(folder)) return folder
  throw new CodedError(
    'COMMAND_INVALID',
    'This user has no home folder to keep anything in: the variable HOME (or XDG_DATA_HOME) must name one.'
  )
}
