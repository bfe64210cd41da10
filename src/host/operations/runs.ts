import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type RunOperations = 'runs.list' | 'runs.facets' | 'runs.pin' | 'runs.rename' | 'runs.delete' | 'runs.restore'

export const runHandlers = ({ workspace }: Services): Handlers<RunOperations> => {
  const remark = (...args: Parameters<typeof workspace.runs.remark>): ReturnType<typeof workspace.runs.remark> => {
    workspace.assertWritable()
    return workspace.runs.remark(...args)
  }
  return {
    'runs.list': ({ filter, search, cursor, limit, sort }) => workspace.runs.list(filter, search, cursor, limit, sort),
    'runs.facets': () => workspace.runs.facets(),
    'runs.pin': ({ runIds, pinned }) => remark(runIds, { pinned }),
    'runs.rename': async ({ runId, name }) => {
      const [run] = await remark([runId], { name })
      return run as NonNullable<typeof run>
    },
    // Into the bin: nothing is removed from disk.
    'runs.delete': ({ runIds }) => remark(runIds, { deletedAt: new Date().toISOString() }),
    'runs.restore': ({ runIds }) => remark(runIds, { deletedAt: null })
  }
}
