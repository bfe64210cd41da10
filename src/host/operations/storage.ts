// Operations on what captured posts take on disk.
import type { Keeper } from '../capture/journal/keeper.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type StorageOperations =
  'storage.info' | 'storage.preview' | 'storage.setRules' | 'storage.remove' | 'storage.compact' | 'storage.stop'

export const storageHandlers = ({ workspace, capture }: Services): Handlers<StorageOperations> => {
  const writing = (): Promise<Keeper> => {
    workspace.assertWritable()
    return capture.keeper()
  }
  /** What was cancelled while it waits is not begun. */
  const stoppable = async <T>(signal: AbortSignal, work: (keeper: Keeper) => Promise<T>): Promise<T> => {
    const keeper = await writing()
    signal.throwIfAborted()
    const stop = (): void => keeper.stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await work(keeper)
    } finally {
      // Calls without an id share a signal, which lives as long as the host.
      signal.removeEventListener('abort', stop)
    }
  }
  return {
    'storage.info': async () => (await capture.keeper()).info(),
    'storage.preview': async ({ rules }) => (await capture.keeper()).preview(rules),
    'storage.setRules': async ({ rules }) => {
      const keeper = await writing()
      await keeper.setRules(rules)
      return keeper.info()
    },
    'storage.remove': async ({ rules, until }, { signal }) => {
      const removed = await stoppable(signal, (keeper) => keeper.remove(rules, until))
      signal.throwIfAborted()
      return removed
    },
    'storage.compact': async (_params, { signal }) => {
      const { before, after, stopped } = await stoppable(signal, (keeper) => keeper.compact(true))
      return { before, after, stopped }
    },
    'storage.stop': async () => {
      ;(await writing()).stop()
      return {}
    }
  }
}
