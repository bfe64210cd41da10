// The renderer's only way to the host. It does not know its shell: Electron's bridge is used when preload exposed one, else
// a WebSocket with the token that the start page's address carries.
import { createBirpc } from 'birpc'
import { errorTable } from '../../contract/errors.ts'
import type { EventMap, EventName } from '../../contract/events.ts'
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import { bridgeKey, decodeWire, encodeWire } from '../../contract/wire.ts'
import type { Answer, DesktopBridge, Failure, HostSide, ShellSide } from '../../contract/wire.ts'
import { createSocketWire } from './socket-wire.ts'
import type { ConnectionState, Wire } from './transport.ts'

type Listener<N extends EventName> = (data: EventMap[N]) => void

class OperationError extends Error {
  override readonly name = 'OperationError'
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

export interface Client {
  /** Answers always; a lost host is the failure HOST_LOST. `callId`: for who cancels it, or follows how far it is. */
  call<N extends OperationName>(name: N, params: Params<N>, callId?: string): Promise<Answer<Result<N>>>
  /** As `call`, but throws OperationError. */
  ask<N extends OperationName>(name: N, params: Params<N>): Promise<Result<N>>
  on<N extends EventName>(name: N, listener: Listener<N>): () => void
  onState(changed: (state: ConnectionState) => void): void
  /** Tells of every call, and when it is over. */
  onCalls(watcher: CallWatcher): void
  /** Cancels questions that have no answer yet; each is answered as CANCELLED at once. */
  stopWaiting(callIds: readonly string[]): void
  readonly desktop: DesktopBridge | null
}

const lost: Failure = { code: 'HOST_LOST', message: 'The connection to Retrace was lost. Reconnecting automatically.' }

const cancelled: Failure = { code: 'CANCELLED', message: errorTable.CANCELLED }

interface CallWatcher {
  began(callId: string, name: OperationName, params: unknown): void
  ended(callId: string): void
}

function bridgeWire(bridge: DesktopBridge): Wire {
  return {
    post: (text) => bridge.post(text),
    onText: (receive) => void bridge.listen(receive),
    onState: (changed) => changed('open')
  }
}

function createClient(): Client {
  const bridge = ((globalThis as Record<string, unknown>)[bridgeKey] as DesktopBridge | undefined) ?? null
  const wire = bridge ? bridgeWire(bridge) : createSocketWire()
  const listeners = new Map<EventName, Set<Listener<EventName>>>()
  const watchers = new Set<(state: ConnectionState) => void>()
  const pending = new Map<string, (answer: Answer<unknown>) => void>()
  let callWatcher: CallWatcher = { began: () => undefined, ended: () => undefined }
  let state: ConnectionState = bridge ? 'open' : 'connecting'

  const shell: ShellSide = {
    event: (name, data) => listeners.get(name)?.forEach((listener) => listener(data))
  }
  const host = createBirpc<HostSide, ShellSide>(shell, {
    post: (text: string) => wire.post(text),
    on: (receive: (text: string) => void) => wire.onText(receive),
    serialize: encodeWire,
    deserialize: decodeWire,
    timeout: -1
  })
  const giveUp = (callIds: Iterable<string>, error: Failure) => {
    for (const callId of [...callIds]) pending.get(callId)?.({ ok: false, error })
  }

  wire.onState((next) => {
    state = next
    if (next !== 'open') giveUp(pending.keys(), lost)
    for (const watcher of watchers) watcher(next)
  })

  const call: Client['call'] = (name, params, callId = crypto.randomUUID()) =>
    new Promise((resolve) => {
      const settle = resolve as (answer: Answer<unknown>) => void
      if (state === 'lost' || state === 'refused') return settle({ ok: false, error: lost })
      const answered = (answer: Answer<unknown>) => {
        if (!pending.delete(callId)) return
        callWatcher.ended(callId)
        settle(answer)
      }
      pending.set(callId, answered)
      callWatcher.began(callId, name, params)
      void host
        .call(name, params, callId)
        .catch(() => ({ ok: false as const, error: lost }))
        .then(answered)
    })

  return {
    call,
    async ask(name, params) {
      const answer = await call(name, params)
      if (!answer.ok) throw new OperationError(answer.error)
      return answer.data
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as Listener<EventName>)
      return () => set.delete(listener as Listener<EventName>)
    },
    onState(changed) {
      watchers.add(changed)
      changed(state)
    },
    onCalls: (watcher) => (callWatcher = watcher),
    stopWaiting(callIds) {
      for (const callId of callIds) void call('calls.cancel', { callId })
      giveUp(callIds, cancelled)
    },
    desktop: bridge
  }
}

export const client: Client = createClient()
