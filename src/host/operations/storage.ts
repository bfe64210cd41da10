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
  return {
    'storage.info': async () => (await capture.keeper()).info(),
    'storage.preview': async ({ rules }) => (await capture.keeper()).preview(rules),
    'storage.setRules': async ({ rules }) => {
      const keeper = await writing()
      await keeper.setRules(rules)
      return keeper.info()
    },
    'storage.remove': async ({ rules, until }) => (await writing()).remove(rules, until),
    'storage.compact': async () => {
      const { before, after, stopped } = await (await writing()).compact(true)
      return { before, after, stopped }
    },
    'storage.stop': async () => {
      ;(await writing()).stop()
      return {}
    }
  }
}
