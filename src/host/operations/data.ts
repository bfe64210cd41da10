import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

export const dataHandlers = ({
  workspace,
  uploads,
  emit
}: Services): Handlers<'data.list' | 'data.get' | 'data.import'> => ({
  'data.list': () => workspace.data.list(),
  'data.get': ({ dataId }) => workspace.data.get(dataId),
  'data.import': async (params) => {
    workspace.assertWritable()
    const id = idFromName(params.name, (taken) => workspace.data.list().some((known) => known.id === taken))
    const from = 'text' in params ? { text: params.text } : { file: uploads.fileOf(params.uploadId) }
    const added = await workspace.data.add(id, params.name, from)
    if ('uploadId' in params) uploads.forget(params.uploadId)
    emit('data.changed', { changed: [added], removed: [] })
    return added
  }
})
