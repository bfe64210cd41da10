// What the commands about a workspace share: its host, in the process that holds it or in this one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CodedError } from '../contract/errors.ts'
import { parserBeside } from '../host/aside/aside.ts'
import { connectHost, lookHere } from '../host/holder/connect-host.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import type { Asked } from '../host/operations/asked.ts'
import { defaultWorkspace, userFolder } from '../host/user-folder.ts'
import type { CommandContext } from './context.ts'
import { visible } from './style.ts'

export interface About {
  /** Nothing is written, and a slip in the folder's name makes none. */
  readonly looks: boolean
  /** Which problems of the workspace are told on standard error. */
  readonly tells?: 'capture' | 'all'
  /** What the command line says beside the workspace; who holds the workspace elsewhere does not hear of it. */
  readonly asked?: Asked
  /** It is looked at from this process, whoever holds it. */
  readonly here?: boolean
  /** What is long is read in a thread beside this one: worth its start for large files. */
  readonly aside?: boolean
  readonly drained?: () => Promise<void> | null
}

/** Asks the host of a workspace, and closes it. */
export async function withHost<T>(
  { version, root, complain }: CommandContext,
  folder: string | undefined,
  { looks, tells = 'capture', asked, here, aside, drained }: About,
  work: (host: ConnectedHost) => Promise<T>
): Promise<T> {
  if (looks && folder !== undefined && !existsSync(folder))
    throw new CodedError('FILE_NOT_FOUND', `The workspace ${folder} does not exist.`, { file: folder })
  const options = {
    ...{ version, looks, ...(drained ? { drained } : {}) },
    host: {
      userFolder: userFolder(),
      ...(asked ? { asked } : {}),
      ...(aside ? { parserUrl: parserBeside(pathToFileURL(join(root, 'out', 'node', 'worker.mjs'))) } : {})
    }
  }
  const place = folder ?? defaultWorkspace()
  const host = await (here ? lookHere(place, options) : connectHost(place, options))
  try {
    const result = await work(host)
    const { problems } = await host.ask('workspace.info', {})
    for (const { file, message } of problems)
      if (tells === 'all' || /^(capture$|answers\/)/.test(file)) complain(`note ${visible(message)}`)
    return result
  } finally {
    await host.close()
  }
}
