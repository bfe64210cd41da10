// Where the app of a workspace was last: port and token, in the user's own folder and for the user alone, so that a page that stayed open works again
// after a restart.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { writeAtomic } from '../host/store/files.ts'

const address = z.object({ port: z.int().min(1).max(65535), token: z.string().min(20).max(200) })
export type LastAddress = z.output<typeof address>
const file = z.object({ version: z.literal(1), workspaces: z.record(z.string(), address) })

/** Workspaces that were not opened for long are forgotten. */
const most = 50

const fileOf = (folder: string): string => join(folder, 'addresses.json')

/** A missing or broken file holds nothing worth keeping. */
async function read(folder: string): Promise<Readonly<Record<string, LastAddress>>> {
  try {
    return file.parse(JSON.parse(await readFile(fileOf(folder), 'utf8'))).workspaces
  } catch {
    return {}
  }
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
