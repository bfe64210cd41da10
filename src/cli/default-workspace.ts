import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { copyPrivate } from '../host/store/files.ts'

/** The user's own workspace (the one that `npm start` opens too); a first use makes it a copy of the demo. */
export function defaultWorkspace(root: string): string {
  const folder = process.env.RETRACE_WORKSPACE ?? join(dataFolder(), 'retrace', 'workspace')
  const demo = join(root, 'resources', 'demo')
  if (!existsSync(join(folder, 'catalogue.json')) && existsSync(demo)) {
    copyPrivate(demo, folder)
  }
  return folder
}

function dataFolder(): string {
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share')
}
