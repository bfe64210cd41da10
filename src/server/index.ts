// The browser host as a program: `npm start` without Electron, `retrace serve`, and the dev server start it from here.
import { existsSync } from 'node:fs'
import { createHost } from '../host/host.ts'
import type { Host } from '../host/host.ts'
import { userFolder } from '../host/user-folder.ts'
import { startServer } from './server.ts'
import type { RunningServer } from './server.ts'

export interface ServeOptions {
  readonly workspace: string
  readonly version: string
  readonly workerUrl: URL
  readonly address?: string
  readonly port?: number
  /** out/renderer; null or missing serves operations only. */
  readonly pageFolder?: string | null
  readonly extraHosts?: readonly string[]
  readonly token?: string
}

export interface Serving extends RunningServer {
  readonly host: Host
}

/** Opens the workspace and serves it. `close` stops everything, in order. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { workspace, version, workerUrl, pageFolder, address, port, extraHosts, token } = options
  const host = await createHost({ workspace, version, workerUrl, shell: 'browser', userFolder: userFolder() })
  try {
    const server = await startServer({
      host,
      pageFolder: pageFolder && existsSync(pageFolder) ? pageFolder : null,
      ...(address === undefined ? {} : { address }),
      ...(port === undefined ? {} : { port }),
      ...(extraHosts === undefined ? {} : { extraHosts }),
      ...(token === undefined ? {} : { token })
    })
    return {
      ...server,
      host,
      async close() {
        await server.close()
        await host.close()
      }
    }
  } catch (error) {
    await host.close()
    throw error
  }
}
