// Which custom modules a person has switched on. Kept in the user's own folder and not in the workspace: a workspace that came from elsewhere
// must not bring its own permission.
import { resolve } from 'node:path'
import { z } from 'zod'
import type { WorkspaceProblem } from '../../contract/workspace.ts'
import { writeAtomic } from '../store/files.ts'
import { readOrReport, type Shape } from '../store/reading.ts'

const trusted = z.record(z.string(), z.array(z.string()))
type Trusted = z.output<typeof trusted>

const shape: Shape<{ readonly workspaces: Trusted }> = {
  kind: 'trusted-modules',
  schema: z.looseObject({ workspaces: trusted })
}

export interface ModuleTrust {
  /** Files of modules/ that are switched on. */
  on(workspace: string): Promise<readonly string[]>
  set(workspace: string, file: string, on: boolean): Promise<void>
}

/** @param file null keeps it in memory */
export function createModuleTrust(
  file: string | null,
  report: (problem: WorkspaceProblem) => void = () => undefined
): ModuleTrust {
  let memory: Trusted = {}
  let told = ''
  // It is read at every run: what is wrong with it is said once.
  const tell = (problem: WorkspaceProblem): void => {
    if (problem.message !== told) report(problem)
    told = problem.message
  }
  const read = async (): Promise<Trusted> => {
    if (file === null) return memory
    const found = await readOrReport(file, shape, { report: tell, writable: () => true })
    return found?.workspaces ?? {}
  }
  return {
    async on(workspace) {
      return (await read())[resolve(workspace)] ?? []
    },
    async set(workspace, name, on) {
      const all = await read()
      const key = resolve(workspace)
      const rest = (all[key] ?? []).filter((known) => known !== name)
      const next = { ...all, [key]: on ? [...rest, name] : rest }
      memory = next
      if (file !== null) await writeAtomic(file, `${JSON.stringify({ version: 1, workspaces: next }, null, 1)}\n`)
    }
  }
}
