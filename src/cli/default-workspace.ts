import { homedir } from 'node:os'
import { join } from 'node:path'

/** The user's own workspace, which `npm start` opens too. */
export const defaultWorkspace = (): string =>
  process.env.RETRACE_WORKSPACE ?? join(dataFolder(), 'retrace', 'workspace')

function dataFolder(): string {
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share')
}
