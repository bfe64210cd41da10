// The engine worker, apart from its thread: answers operations over the data that it holds. The thread (index.ts) and the CLI (in its own
// process) both run this.
import { dirname } from 'node:path'
import { guardFolder, isThereSync } from '../../store/files.ts'
import { toFailure } from '../../registry/failure.ts'
import { forgetModulesThatAreOff, stopCustomModules } from '../runs/custom-modules.ts'
import { publisher } from '../effects/prepare.ts'
import { CodedError } from '../../../contract/errors.ts'
import { Finder } from '../find/finder.ts'
import { Halt } from './halt.ts'
import { buildHandlers } from './operations.ts'
import type { HostOfWorker, Refs, WorkerCall, WorkerOperation, WorkerSide } from './protocol.ts'
import { RunBook } from '../runs/run-book.ts'
import { RunTable } from '../runs/run-table.ts'

export interface EngineWorker extends WorkerSide {
  /** After a mistake that nothing caught: ends the runs, and resolves when they are kept. */
  abandon(): Promise<void>
}

export function createEngineWorker(host: HostOfWorker): EngineWorker {
  const book = new RunBook((message, file) => host.problem(message, file))
  const table = new RunTable(book, host)
  const finder = new Finder(book)
  const handlers = buildHandlers({ book, table })
  const halts = new Map<number, Halt>()
  const logMistake = (context: string, error: unknown): void =>
    host.mistake(context, error instanceof Error ? (error.stack ?? error.message) : String(error))
  return {
    async execute(name: WorkerOperation, params: unknown, refs: Refs, call?: WorkerCall) {
      const halt = new Halt(call?.flag)
      if (call) halts.set(call.id, halt)
      if (refs.worldFolder !== undefined) guardFolder(dirname(refs.worldFolder))
      forgetModulesThatAreOff(refs)
      try {
        // The host's registry has parsed the params with this operation's schema.
        const handler = handlers[name] as (params: unknown, refs: Refs) => unknown
        halt.check()
        return { ok: true, data: await halt.until(handler(params, { ...refs, halt })) }
      } catch (error) {
        return { ok: false, error: toFailure(error, name, logMistake) }
      } finally {
        if (call) halts.delete(call.id)
      }
    },
    cancel: (id) => halts.get(id)?.now(),
    async prepare(ref) {
      guardFolder(ref.folder)
      await book.prepare(ref).catch((error: unknown) => logMistake('prepare', error))
    },
    async sift(folder, keep, runs, question) {
      guardFolder(folder)
      return finder.sift(folder, keep, runs, question).catch((error: unknown) => {
        // That the folder is gone is told by whoever holds it.
        if (isThereSync(folder)) logMistake('sift', error)
        return runs.map((_, i) => i)
      })
    },
    look: (ref, stamp, question, flag) => finder.look(ref, stamp, question, new Halt(flag)),
    async learn(ref, stamp) {
      guardFolder(ref.folder)
      await finder.learn(ref, stamp).catch((error: unknown) => {
        // A run that cannot be read is told to whoever opens it.
        if (!(error instanceof CodedError)) logMistake('learn', error)
      })
    },
    abandon: () => table.abandon(),
    async stop() {
      await table.stop()
      publisher.close()
      await stopCustomModules()
    }
  }
}
