// A host in this process, as whoever asks sees it: like one that is elsewhere.
import { CodedError } from '../../contract/errors.ts'
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import type { RunEvent } from '../../contract/run.ts'
import type { Answer } from '../../contract/wire.ts'
import type { Registry } from '../registry/registry.ts'
import type { Uploads } from '../uploads.ts'

export interface ConnectedHost {
  /** Whether another process answers. */
  readonly isElsewhere: boolean
  /** Returns what the operation does. Throws its CodedError; HOST_LOST when the process that was asked went away. */
  ask<N extends OperationName>(name: N, params: Params<N>): Promise<Result<N>>
  /** A file of this machine, for params that take an `uploadId`. */
  upload(file: string): Promise<string>
  /** The same for who only looks into the file, which is not copied within this process. `name`: what errors call it. */
  lend(file: string, name: string): Promise<string>
  /** Starts a run, passes its events on as they happen, and resolves when it is over, and on disk where it is kept. */
  run(params: Params<'run.start'>, onEvent: (event: RunEvent) => void): Promise<void>
  /** The same for a run that is run once more. */
  again(params: Params<'run.again'>, onEvent: (event: RunEvent) => void): Promise<Result<'run.again'>>
  close(): Promise<void>
}

interface LocalHost extends Registry {
  readonly uploads: Uploads
  close(): Promise<void>
}

export function connected(host: LocalHost, runs: LocalRuns): ConnectedHost {
  const ask: ConnectedHost['ask'] = async (name, params) => settle(await host.call(name, params))
  return {
    isElsewhere: false,
    ask,
    upload: (file) => host.uploads.take(file),
    lend: (file, name) => Promise.resolve(host.uploads.lend(file, name)),
    async run(params, onEvent) {
      runs.take = onEvent
      const { runId } = await ask('run.start', params)
      await runs.over(runId)
    },
    async again(params, onEvent) {
      runs.take = onEvent
      const started = await ask('run.again', params)
      await runs.over(started.runId)
      return started
    },
    close: () => host.close()
  }
}

/** Runs of an engine in this thread, one after the other. */
export class LocalRuns {
  take: (event: RunEvent) => void = () => undefined
  readonly #over = new Set<string>()
  #wake: () => void = () => undefined

  constructor(readonly drained: () => Promise<void> | null = () => null) {}

  runEvent = (event: RunEvent): void => this.take(event)
  runOver = (runId: string): void => {
    this.#over.add(runId)
    this.#wake()
  }

  async over(runId: string): Promise<void> {
    // It may be over before who started it hears of its id.
    while (!this.#over.delete(runId)) await new Promise<void>((wake) => (this.#wake = wake))
  }
}

export function settle<T>(answer: Answer<unknown>): T {
  if (answer.ok) return answer.data as T
  throw new CodedError(answer.error.code, answer.error.message, answer.error.details)
}
