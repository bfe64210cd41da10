// Operations on what captured posts take on disk.
import type { Keeper } from '../capture/keeper.ts'
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
  const stoppable = async (signal: AbortSignal): Promise<Keeper> => {
    const keeper = await writing()
    signal.throwIfAborted()
    signal.addEventListener('abort', () => keeper.stop(), { once: true })
    return keeper
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
      const keeper = await stoppable(signal)
      const removed = await keeper.remove(rules, until)
      signal.throwIfAborted()
      return removed
    },
    'storage.compact': async (_params, { signal }) => {
      const { before, after, stopped } = await (await stoppable(signal)).compact(true)
      return { before, after, stopped }
    },
    'storage.stop': async () => {
      ;(await writing()).stop()
      return {}
    }
  }
}
