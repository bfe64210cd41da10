// How what tries a workflow on many inputs asks for one of them at a time: the app asks the worker, the terminal a host.
import type { ParsedParams, Result } from '../../contract/operations.ts'
import type { ConnectedHost } from '../holder/local-host.ts'
import type { WorkerOperation } from '../worker/thread/protocol.ts'

/** With all params: what has a default in the contract, too. */
export type Ask = <N extends WorkerOperation>(name: N, params: ParsedParams<N>) => Promise<Result<N>>

/** A host reads the params itself; there they may be more than it needs. */
export const askingHost =
  (host: ConnectedHost): Ask =>
  (name, params) =>
    host.ask(name, params as never)

/** Called before each piece of work; it may throw to end all of it. */
export type Tell = (label: string, done: number, total: number) => void
