// Which workspaces of their own a person opened: `workspaces.json` in their own folder.
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { writeAtomic } from '../store/files.ts'
import { readOrReport, type Shape } from '../store/reading.ts'

const entry = z.object({ folder: z.string().min(1), openedAt: z.string() })
type Recent = z.output<typeof entry>
const shape: Shape<{ readonly workspaces: readonly Recent[] }> = {
  kind: 'recent workspaces',
  schema: z.object({ workspaces: z.array(entry) })
}

/** More than anybody looks through. */
const most = 50

const fileOf = (userFolder: string): string => join(userFolder, 'workspaces.json')

/** Newest first. A broken file is kept as `.bad`. */
export async function readRecent(userFolder: string): Promise<readonly Recent[]> {
  const care = { report: () => undefined, writable: () => true }
  const found = await readOrReport(fileOf(userFolder), shape, care).catch(() => null)
  return found?.workspaces ?? []
}

async function write(userFolder: string, workspaces: readonly Recent[]): Promise<void> {
  const text = `${JSON.stringify({ version: 1, workspaces: workspaces.slice(0, most) })}\n`
  // Not being able to remember costs a line in a list, nothing else.
  await writeAtomic(fileOf(userFolder), text, 0o600).catch(() => undefined)
}

const without = (recent: readonly Recent[], folder: string): readonly Recent[] =>
  recent.filter((one) => resolve(one.folder) !== resolve(folder))

export async function rememberWorkspace(userFolder: string, folder: string, openedAt: string): Promise<void> {
  await write(userFolder, [{ folder: resolve(folder), openedAt }, ...without(await readRecent(userFolder), folder)])
}

/** Nothing of the workspace itself changes. */
export async function forgetWorkspace(userFolder: string, folder: string): Promise<void> {
  await write(userFolder, without(await readRecent(userFolder), folder))
}
