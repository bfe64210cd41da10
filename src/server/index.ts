// The browser host as a program: `npm start` without Electron, `retrace serve`, and the dev server start it from here.
import { existsSync } from 'node:fs'
import { CodedError } from '../contract/errors.ts'
import type { ListenerDefaults } from '../host/capture/capture-settings.ts'
import { watchPosts } from '../host/capture/parting.ts'
import type { AppHost } from '../host/host.ts'
import { defaultWorkspace, userFolder } from '../host/user-folder.ts'
import { createWorkspaces } from '../host/workspaces/workspaces.ts'
import { recallAddress, rememberAddress } from './last-address.ts'
import { openInBrowser } from './open-browser.ts'
import { startServer } from './server.ts'
import type { RunningServer, ServerOptions } from './server.ts'
import { tellListener } from './tell-listener.ts'

export interface ServeOptions {
  /** The user's own by default. */
  readonly workspace?: string | undefined
  readonly version: string
  readonly workerUrl: URL
  readonly address?: string
  readonly port?: number
  /** out/renderer; null or missing serves operations only. */
  readonly pageFolder?: string | null
  readonly extraHosts?: readonly string[]
  /** Under which other names browsers reach it: through a proxy, or out of a container. */
  readonly names?: readonly string[]
  readonly token?: string
  /** Where MISP's posts are taken while the workspace does not say it; RETRACE_CAPTURE_HOST, _PORT and _SECRET by default. */
  readonly listener?: ListenerDefaults
  /** Files to open, as if they were dropped on the page. */
  readonly open?: readonly string[]
  /** Lines for whoever looks at a terminal. */
  readonly say?: (line: string) => void
}

export interface Serving extends RunningServer {
  readonly host: AppHost
  /** What to say at the end: workflows of MISP that go on posting; null where nothing was heard since the start. */
  readonly parting: () => string | null
  readonly openInBrowser: () => void
}

/** Opens the workspace and serves it. `close` stops everything, in order. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { version, workerUrl, pageFolder, address, extraHosts, names, open } = options
  const workspace = options.workspace ?? defaultWorkspace()
  const folder = userFolder()
  const host = await createWorkspaces({
    ...{ workspace, version, workerUrl, shell: 'browser', userFolder: folder },
    listener: { ...listenerOf(process.env), ...options.listener },
    ...(open === undefined ? {} : { open })
  })
  const parting = watchPosts(host)
  if (options.say) tellListener(host, options.say)
  // The same address as last time: pages that stayed open find the app again.
  const last = await recallAddress(folder, workspace)
  const token = options.token ?? last?.token
  const port = options.port || last?.port
  try {
    const server = await startOn(options.port ? [options.port] : [port ?? 0, 0], {
      host,
      pageFolder: pageFolder && existsSync(pageFolder) ? pageFolder : null,
      ...(address === undefined ? {} : { address }),
      ...(extraHosts === undefined ? {} : { extraHosts }),
      ...(names === undefined ? {} : { names }),
      ...(token === undefined ? {} : { token })
    })
    if (!options.token) await rememberAddress(folder, workspace, server)
    return {
      ...server,
      host,
      parting,
      openInBrowser: () => openInBrowser(server.url),
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

/** What is empty is not said. */
const listenerOf = (env: NodeJS.ProcessEnv): ListenerDefaults => ({
  ...(env.RETRACE_CAPTURE_HOST ? { host: env.RETRACE_CAPTURE_HOST } : {}),
  ...(env.RETRACE_CAPTURE_PORT ? { port: portOf(env.RETRACE_CAPTURE_PORT) } : {}),
  ...(env.RETRACE_CAPTURE_SECRET ? { secret: env.RETRACE_CAPTURE_SECRET } : {})
})

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new CodedError('COMMAND_INVALID', `RETRACE_CAPTURE_PORT is “${text}”, which is not a port.`)
}

/** On the first of the ports that is free. */
async function startOn(ports: readonly number[], options: ServerOptions): Promise<RunningServer> {
  const [port = 0, ...others] = ports
  try {
    return await startServer({ ...options, port })
  } catch (error) {
    if (others.length === 0 || !(error instanceof CodedError && error.code === 'ADDRESS_IN_USE')) throw error
    return startOn(others, options)
  }
}
