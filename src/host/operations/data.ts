import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type DataOperations = 'data.list' | 'data.get' | 'data.import' | 'data.rename' | 'data.delete' | 'data.restore'

export const dataHandlers = ({ workspace, uploads, emit }: Services): Handlers<DataOperations> => ({
  'data.list': () => workspace.data.list(),
  'data.get': ({ dataId }) => workspace.data.get(dataId),
  'data.import': async (params) => {
    workspace.assertWritable()
    const id = idFromName(params.name, (taken) => workspace.data.isTaken(taken))
    const from = 'text' in params ? { text: params.text } : { file: uploads.fileOf(params.uploadId) }
    const added = await workspace.data.add(id, params.name, from)
    if ('uploadId' in params) uploads.forget(params.uploadId)
    emit('data.changed', { changed: [added], removed: [] })
    return added
  },
  'data.rename': async ({ dataId, name }) => {
    workspace.assertWritable()
    const renamed = await workspace.data.rename(dataId, name)
    emit('data.changed', { changed: [renamed], removed: [] })
    return renamed
  },
  // Into the bin: nothing is removed from disk.
  'data.delete': async ({ dataIds }) => {
    workspace.assertWritable()
    const gone = []
    for (const id of dataIds) gone.push(await workspace.data.bin(id))
    emit('data.changed', { changed: [], removed: dataIds })
    return gone
  },
  'data.restore': async ({ dataIds }) => {
    workspace.assertWritable()
    const back = []
    for (const id of dataIds) back.push(await workspace.data.restore(id))
    emit('data.changed', { changed: back, removed: [] })
    return back
  }
})
