// A host without a workspace, for commands that work on the files they are given: the same operations on the same handlers, in this thread.
// It reads nothing but what is named, keeps nothing, and starts as fast as its code is loaded.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseMispSettings } from '../contract/misp-settings.ts'
import type { DataSource } from '../contract/operations.ts'
import { connected, LocalRuns, type ConnectedHost } from './holder/local-host.ts'
import { withAsked, type Asked } from './operations/asked.ts'
import { uploadRefs } from './operations/forward.ts'
import { liveConfigOf } from './ports/live-config.ts'
import { newRunId } from './ports/ids.ts'
import { createRegistry } from './registry/registry.ts'
import type { Handlers } from './registry/registry.ts'
import { CodedError } from '../contract/errors.ts'
import { Uploads } from './uploads.ts'
import { createInlineEngine } from './worker/thread/engine-client.ts'
import { workerOperations } from './worker/thread/protocol.ts'
import type { DataRefs, Refs, WorkerOperation } from './worker/thread/protocol.ts'
import type { LogMistake } from './ports/log.ts'

export interface BareHostOptions {
  readonly asked: Asked
  /** Null, or when who takes the events of runs can take more. */
  readonly drained?: () => Promise<void> | null
  readonly mistake: LogMistake
}

interface Named {
  readonly data?: DataSource
  readonly inputs?: readonly DataSource[]
}

export function connectBare({ asked, drained, mistake }: BareHostOptions): ConnectedHost {
  const runs = new LocalRuns(drained)
  const uploads = new Uploads(() => join(tmpdir(), `retrace-uploads-${process.pid}`))
  const engine = createInlineEngine({
    ...{ runChanged: () => undefined, working: () => undefined, runProgress: () => undefined },
    ...{ leaving: () => undefined, problem: () => undefined },
    mistake: (context, stack) => mistake(`worker ${context}`, stack),
    ...{ runEvent: runs.runEvent, runOver: runs.runOver, drained: runs.drained }
  })
  const none = { misp: parseMispSettings({}).settings, own: {} }
  const dataRefs = (data: DataSource | undefined): DataRefs =>
    typeof data === 'object' && data !== null && 'uploadId' in data ? uploadRefs(uploads, data.uploadId) : {}
  const refsOf = ({ data, inputs }: Named): Refs => ({
    ...dataRefs(data),
    ...(inputs ? { inputs: inputs.map(dataRefs) } : {}),
    ...withAsked({ live: liveConfigOf(none, null) }, asked, none),
    newRun: { id: newRunId(), file: null, startedAt: new Date().toISOString() }
  })
  const handler = (name: WorkerOperation) => async (params: unknown) => {
    const answer = await engine.execute(name, params, refsOf(params as Named))
    if (answer.ok) return answer.data
    throw new CodedError(answer.error.code, answer.error.message, answer.error.details)
  }
  const handlers = Object.fromEntries(workerOperations.map((name) => [name, handler(name)]))
  const registry = createRegistry(handlers as unknown as Partial<Handlers>, { logMistake: mistake })
  const close = async (): Promise<void> => {
    await engine.stop()
    await uploads.close()
  }
  return connected({ ...registry, uploads, close }, runs)
}
