// A host to ask, wherever it is: the process that holds the workspace, or one that is started here when nobody does. Who asks does not see
// the difference.
import { createBirpc } from 'birpc'
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CodedError, errorTable } from '../../contract/errors.ts'
import type { Result } from '../../contract/operations.ts'
import type { RunEvent } from '../../contract/run.ts'
import { decodeWire, encodeWire } from '../../contract/wire.ts'
import type { Answer, HostSide, ShellSide } from '../../contract/wire.ts'
import { createHost, type HostOptions } from '../host.ts'
import { SharingDecoder } from '../runs/run-codec.ts'
import { toFailure } from '../registry/failure.ts'
import { judgeHolder, lockName, readLock } from '../store/lock-file.ts'
import { mostAnswered, mostAsked, readMessages, sendMessage } from './lines.ts'
import { connected, LocalRuns, settle, type ConnectedHost } from './local-host.ts'
import { uploadCall } from './serve-holder.ts'
import { isTrusted } from './socket-place.ts'

export interface ConnectOptions {
  readonly version: string
  /** True for who only looks: never waits for a holder elsewhere, and is answered read-only then. */
  readonly looks?: boolean
  /** How long a holder that cannot be spoken to (it starts, or it ends) is waited for. */
  readonly patienceMs?: number
  readonly host?: Partial<HostOptions>
  /** Null, or when who takes the events of runs can take more. */
  readonly drained?: () => Promise<void> | null
}

const pollMs = 50

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
      // One that stands still (a debugger, a machine that sleeps) takes connections and never answers.
      if (await isAnswering(held, Math.max(pollMs, patience - performance.now()))) return held
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

async function isAnswering(held: ConnectedHost, withinMs: number): Promise<boolean> {
  const late = new AbortController()
  // A short command that ends just now lets go of who had only knocked.
  const isThere = held.ask('app.info', {}).then(
    () => true,
    (error: unknown) => !(error instanceof CodedError && error.code === 'HOST_LOST')
  )
  try {
    return await Promise.race([isThere, wait(withinMs, false, { signal: late.signal }).catch(() => false)])
  } finally {
    late.abort()
  }
}

/** Null when nobody holds the workspace who can be spoken to. */
async function connectToHolder(root: string): Promise<Socket | null> {
  const path = lockOf(root)?.socket
  if (typeof path !== 'string' || !isTrusted(root, path)) return null
  return new Promise((done) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.off('error', failed)
      done(socket)
    })
    const failed = (): void => done(null)
    socket.once('error', failed)
  })
}

function lockOf(root: string) {
  const found = readLock(join(root, lockName))
  return found.kind === 'file' ? found.lock : null
}

const nonceOf = (root: string): string | null => lockOf(root)?.nonce ?? null

function hasHolderHere(root: string): boolean {
  const lock = lockOf(root)
  const verdict = lock === null ? 'gone' : judgeHolder(join(root, lockName), lock)
  return verdict === 'alive' || verdict === 'ending'
}

async function inThisProcess(
  root: string,
  { version, looks = false, host, drained }: ConnectOptions
): Promise<ConnectedHost & { readonly isWritable: boolean; readonly isHeld: boolean }> {
  const runs = new LocalRuns(drained)
  const own = await createHost({
    ...{ workspace: root, shell: 'terminal', version, workerUrl: null, listen: false, runs },
    ...(looks ? { lock: { wait: false } } : {}),
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
  const pending = new Set<(answer: Answer<unknown>) => void>()
  let isLost = false
  const lost: Answer<unknown> = { ok: false, error: { code: 'HOST_LOST', message: errorTable.HOST_LOST } }
  let receive: (text: string) => unknown = () => undefined
  const host = createBirpc<HostSide, ShellSide>(
    { event: () => undefined },
    {
      post(text: string) {
        if (Buffer.byteLength(text) <= mostAsked) return sendMessage(socket, text)
        const message = `What is given takes more than ${mostAsked / 1024 ** 2} MB; the app that has the workspace open takes no more at once.`
        throw new CodedError('INPUT_TOO_LARGE', message)
      },
      on: (listener) => (receive = listener as (text: string) => unknown),
      serialize: encodeWire,
      deserialize: decodeWire,
      timeout: -1
    }
  )
  const broken = (): void => void socket.destroy()
  readMessages(socket, (text) => void Promise.resolve(receive(text)).catch(broken), broken, mostAnswered)
  socket.on('error', broken)
  socket.on('close', () => {
    isLost = true
    for (const settled of [...pending]) settled(lost)
  })
  const call = (name: string, params: unknown): Promise<Answer<unknown>> =>
    new Promise((done) => {
      const settled = (answer: Answer<unknown>): void => {
        if (pending.delete(settled)) done(answer)
      }
      pending.add(settled)
      if (isLost) return settled(lost)
      host
        .call(name, params, randomUUID())
        .then(settled, (error: unknown) => settled({ ok: false, error: toFailure(error, name, () => undefined) }))
    })
  const ask: ConnectedHost['ask'] = async (name, params) => settle(await call(name, params))
  const upload = async (file: string, name?: string): Promise<string> =>
    settle<{ readonly uploadId: string }>(await call(uploadCall, { file: resolve(file), name })).uploadId
  return {
    isElsewhere: true,
    ask,
    upload: (file) => upload(file),
    lend: upload,
    async run(params, onEvent) {
      const { runId } = await ask('run.start', { ...params, follow: true })
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
    },
    async close() {
      if (isLost) return
      await new Promise<void>((done) => {
        socket.once('close', () => done())
        socket.end()
      })
      host.$close()
    }
  }
}
