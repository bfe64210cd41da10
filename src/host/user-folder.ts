// The user's own folder of Retrace, apart from every workspace: which custom modules were switched on, and encrypted keys.
import { homedir } from 'node:os'
import { join } from 'node:path'

export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.RETRACE_USER_FOLDER) return env.RETRACE_USER_FOLDER
  const home = homedir()
  if (process.platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'retrace')
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'retrace')
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'retrace')
}
