// Where the app of a workspace was last: port and token, in the user's own folder and for the user alone, so that a page that stayed open works again
// after a restart.
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { writeAtomic } from '../host/store/files.ts'
import { readOrReport, type Shape } from '../host/store/reading.ts'

const address = z.object({ port: z.int().min(1).max(65535), token: z.string().min(20).max(200) })
export type LastAddress = z.output<typeof address>
const shape: Shape<{ readonly workspaces: Readonly<Record<string, LastAddress>> }> = {
  kind: 'addresses',
  schema: z.object({ workspaces: z.record(z.string(), address) })
}

/** Workspaces that were not opened for long are forgotten. */
const most = 50

const fileOf = (folder: string): string => join(folder, 'addresses.json')

/** A broken file is kept as `.bad`; nobody misses what was in it. */
async function read(folder: string): Promise<Readonly<Record<string, LastAddress>>> {
  const found = await readOrReport(fileOf(folder), shape, { report: () => undefined, writable: () => true }).catch(
    () => null
  )
  return found?.workspaces ?? {}
}

export const recallAddress = async (folder: string, workspace: string): Promise<LastAddress | undefined> =>
  (await read(folder))[resolve(workspace)]

/** Not being able to remember costs a new address next time, nothing else. */
export async function rememberAddress(folder: string, workspace: string, { port, token }: LastAddress): Promise<void> {
  const { [resolve(workspace)]: _old, ...others } = await read(folder)
  const workspaces = Object.fromEntries([
    [resolve(workspace), { port, token }],
    ...Object.entries(others).slice(0, most)
  ])
  await writeAtomic(fileOf(folder), `${JSON.stringify({ version: 1, workspaces })}\n`, 0o600).catch(() => undefined)
}
