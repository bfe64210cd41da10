// Which custom modules a person has switched on. Kept in the user's own folder and not in the workspace: a workspace that came from elsewhere
// must not bring its own permission.
import { resolve } from 'node:path'
import { readJson, writeAtomic } from '../store/files.ts'

type Trusted = { readonly [workspace: string]: readonly string[] }

export interface ModuleTrust {
  /** Files of modules/ that are switched on. */
  on(workspace: string): Promise<readonly string[]>
  set(workspace: string, file: string, on: boolean): Promise<void>
}

/** @param file null keeps it in memory */
export function createModuleTrust(file: string | null): ModuleTrust {
  let memory: Trusted = {}
  const read = async (): Promise<Trusted> => {
    if (file === null) return memory
    const found = await readJson(file).catch(() => null)
    return typeof found === 'object' && found !== null ? ((found as { workspaces?: Trusted }).workspaces ?? {}) : {}
  }
  return {
    async on(workspace) {
      const list = (await read())[resolve(workspace)]
      return Array.isArray(list) ? (list as readonly string[]) : []
    },
    async set(workspace, name, on) {
      const all = await read()
      const key = resolve(workspace)
      const rest = (Array.isArray(all[key]) ? (all[key] as readonly string[]) : []).filter((known) => known !== name)
      const next = { ...all, [key]: on ? [...rest, name] : rest }
      memory = next
      if (file !== null) await writeAtomic(file, `${JSON.stringify({ version: 1, workspaces: next }, null, 1)}\n`)
    }
  }
}
