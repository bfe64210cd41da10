// A host to ask, wherever it is: the process that holds the workspace, or one that is started here when nobody does. Who asks does not see
// the difference.
import { resolve } from 'node:path'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Result } from '../../contract/operations.ts'
import type { RunEvent } from '../../contract/run.ts'
import { createHost, type HostOptions } from '../host.ts'
import { isWorkspace } from '../store/workspace.ts'
import { SharingDecoder } from '../runs/run-codec.ts'
import { connectToHolder, hasHolderHere, isAnswering, nonceOf, pollMs } from './find-holder.ts'
import { linkTo } from './link.ts'
import { connected, LocalRuns, settle, type ConnectedHost } from './local-host.ts'
import { uploadCall } from './serve-holder.ts'

export interface ConnectOptions {
  readonly version: string
  /** True for who only looks: never waits for a holder elsewhere, and is answered read-only then; makes no workspace. */
  readonly looks?: boolean
  /** How long a holder that cannot be spoken to (it starts, or it ends) is waited for. */
  readonly patienceMs?: number
  readonly host?: Partial<HostOptions>
  /** Null, or when who takes the events of runs can take more. */
  readonly drained?: () => Promise<void> | null
}

/** Throws what opening a workspace throws. */
export async function connectHost(workspace: string, options: ConnectOptions): Promise<ConnectedHost> {
  const root = resolve(workspace)
  const patienceMs = options.patienceMs ?? 5000
  let patience = performance.now() + patienceMs
  let holder = nonceOf(root)
  for (;;) {
    const socket = await connectToHolder(root)
    if (socket !== null) {
      const held = overSocket(socket, options)
      const isThere = (): Promise<unknown> => held.ask('app.info', {})
      if (await isAnswering(isThere, Math.max(pollMs, patience - performance.now()))) return held
      socket.destroy()
    }
    // Commands that hold it one after the other are no holder that stands still.
    const next = nonceOf(root)
    if (next !== holder) patience = performance.now() + patienceMs
    holder = next
    // One that cannot be spoken to is about to listen, or a short command that is about to end.
    const isInVain = performance.now() > patience
    if (!hasHolderHere(root) || isInVain) {
      const own = await inThisProcess(root, options)
      // Somebody else may have been faster, and may be gone again by now.
      if (own.isWritable || options.looks || isInVain || !own.isHeld) return own
      await own.close()
    }
    await wait(pollMs)
  }
}

async function inThisProcess(
  root: string,
  { version, looks = false, host, drained }: ConnectOptions
): Promise<ConnectedHost & { readonly isWritable: boolean; readonly isHeld: boolean }> {
  const runs = new LocalRuns(drained)
  const own = await createHost({
    ...{ workspace: root, shell: 'terminal', version, workerUrl: null, listen: false, runs },
    ...(looks ? { lock: { wait: false } } : {}),
    // Who only looks makes no workspace either.
    ...(looks && !isWorkspace(root) ? { readOnly: true } : {}),
    ...host
  })
  const { writable, heldBy } = own.workspace.info()
  return { ...connected(own, runs), isWritable: writable, isHeld: heldBy !== null }
}

/** Looks at a workspace from this process, also while another one holds it: nothing is written. */
export function lookHere(workspace: string, options: ConnectOptions): Promise<ConnectedHost> {
  return inThisProcess(resolve(workspace), { ...options, host: { ...options.host, readOnly: true } })
}

function overSocket(socket: Socket, { drained }: ConnectOptions): ConnectedHost {
  const { call, close } = linkTo(socket)
  const ask: ConnectedHost['ask'] = async (name, params) => settle(await call(name, params))
  const upload = async (file: string, name?: string): Promise<string> =>
    settle<{ readonly uploadId: string }>(await call(uploadCall, { file: resolve(file), name })).uploadId
  const follow = async (runId: string, onEvent: (event: RunEvent) => void): Promise<void> => {
    // Who is interrupted leaves no run behind that goes on by itself.
    const cancel = (): void => void call('run.cancel', { runId }).finally(() => process.exit(130))
    process.once('SIGINT', cancel)
    const decoder = new SharingDecoder()
    try {
      for (let more = true; more;) {
        const page: Result<'run.follow'> = await ask('run.follow', { runId, unmasked: true })
        for (const line of page.lines) {
          const event = JSON.parse(line) as RunEvent
          onEvent({ ...event, data: decoder.decode(event.data) } as unknown as RunEvent)
          await drained?.()
        }
        more = page.more
      }
    } finally {
      process.off('SIGINT', cancel)
    }
  }
  return {
    isElsewhere: true,
    ask,
    upload: (file) => upload(file),
    lend: upload,
    async run(params, onEvent) {
      const { runId } = await ask('run.start', { ...params, follow: true })
      await follow(runId, onEvent)
    },
    async again(params, onEvent) {
      const started = await ask('run.again', { ...params, follow: true })
      await follow(started.runId, onEvent)
      return started
    },
    close
  }
}
