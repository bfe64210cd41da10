import { notData } from '../aside/tasks.ts'
import { CodedError } from '../../contract/errors.ts'
import { inTurn } from '../../contract/lists.ts'
import type { ValuePage } from '../../contract/values.ts'
import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import type { Refs } from '../worker/thread/protocol.ts'
import type { Services } from './services.ts'

type DataOperations = 'data.list' | 'data.get' | 'data.import' | 'data.rename' | 'data.delete' | 'data.restore'

export const dataHandlers = (
  { workspace, uploads, aside, emit }: Services,
  engine: Pick<EngineClient, 'execute'>
): Handlers<DataOperations> => ({
  'data.list': () => workspace.data.list(),
  'data.get': ({ dataId }) => workspace.data.get(dataId),
  'data.import': async (params, { signal }) => {
    workspace.assertWritable()
    const { name } = params
    if ('text' in params) {
      const { text } = params
      await aside.run('data', { given: { text }, name }, { bytes: text.length, name, signal })
    } else await assertFile(engine, workspace.settings, uploads.fileOf(params.uploadId), params.name, signal)
    const from = 'text' in params ? { text: params.text } : { file: uploads.fileOf(params.uploadId) }
    if (params.ifKnown === 'ask') {
      const { same, other } = await workspace.data.known(from)
      if (same && 'uploadId' in params) uploads.forget(params.uploadId)
      if (same) return { ...same, isKnown: true }
      if (other)
        throw new CodedError('DATA_KNOWN', `The workspace has this event already, in another state: “${other.name}”.`, {
          ...{ dataId: other.id, name: other.name }
        })
    }
    const id = idFromName(params.name, (taken) => workspace.data.isTaken(taken))
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
    const gone = await inTurn(dataIds, (id) => workspace.data.bin(id))
    emit('data.changed', { changed: [], removed: dataIds })
    return gone
  },
  'data.restore': async ({ dataIds }) => {
    workspace.assertWritable()
    const back = await inTurn(dataIds, (id) => workspace.data.restore(id))
    emit('data.changed', { changed: back, removed: [] })
    return back
  }
})

/** Large files are parsed in the worker's thread. */
async function assertFile(
  engine: Pick<EngineClient, 'execute'>,
  settings: Refs['settings'],
  dataFile: string,
  dataName: string,
  signal: AbortSignal
): Promise<void> {
  const params = { dataId: dataName, path: [], offset: 0, limit: 1 }
  const answer = await engine.execute('data.value', params, { settings, dataFile, dataName }, signal)
  if (!answer.ok) throw new CodedError(answer.error.code, answer.error.message, answer.error.details)
  const { type } = answer.data as ValuePage
  if (type !== 'object' && type !== 'array') throw notData(dataName)
}
