import { join } from 'node:path'
import type { AnswerSet, MockSet } from '../../contract/effects.ts'
import { bytesIn } from '../aside/aside.ts'
import { sizeOf } from '../aside/given-text.ts'
import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type MockOperations =
  'mocks.list' | 'mocks.save' | 'mocks.delete' | 'mocks.unpin' | 'answers.list' | 'answers.import' | 'answers.delete'

export const mockHandlers = ({ workspace, uploads, mocks, answers, aside }: Services): Handlers<MockOperations> => {
  const folder = join(workspace.folder, 'answers')
  const listAnswers = async (): Promise<readonly AnswerSet[]> => {
    const asked = { folder, writable: workspace.writable }
    const { sets, problems } = await aside.run('listAnswers', asked, { bytes: await bytesIn(folder), name: 'answers' })
    for (const problem of problems) answers.report(problem)
    return sets
  }
  const freeId = async (name: string, ids: () => Promise<readonly string[]>): Promise<string> => {
    const taken = new Set(await ids())
    return idFromName(name, (id) => taken.has(id))
  }
  return {
    'mocks.list': async ({ workflowId }) => {
      workspace.assertThere()
      return (await mocks.list()).filter(
        (set) => workflowId === undefined || set.workflowId === null || set.workflowId === workflowId
      )
    },
    'mocks.save': async ({ id, ...given }) => {
      workspace.assertWritable()
      const set = { ...given, savedAt: new Date().toISOString() } as Omit<MockSet, 'id'>
      return mocks.save({ id: id ?? (await freeId(given.name, () => mocks.ids())), ...set })
    },
    'mocks.delete': async ({ id }) => {
      workspace.assertWritable()
      await mocks.remove(id)
      return mocks.list()
    },
    'mocks.unpin': async ({ id, nodeId }) => {
      workspace.assertWritable()
      const set = await mocks.get(id)
      const pins =
        nodeId === undefined
          ? {}
          : Object.fromEntries(Object.entries(set.pins).filter(([key]) => key !== String(nodeId)))
      return mocks.save({ ...set, pins, savedAt: new Date().toISOString() })
    },
    'answers.list': listAnswers,
    'answers.import': async (given, { signal }) => {
      workspace.assertWritable()
      const { name } = given
      const source = 'text' in given ? { text: given.text } : { file: uploads.fileOf(given.uploadId) }
      const id = await freeId(name, () => answers.ids())
      const asked = { folder, given: source, name, id, importedAt: new Date().toISOString() }
      const set = await aside.run('keepAnswers', asked, { bytes: await sizeOf(source), name, signal })
      if ('uploadId' in given) uploads.forget(given.uploadId)
      return set
    },
    'answers.delete': async ({ id }) => {
      workspace.assertWritable()
      await answers.remove(
        id,
        (await listAnswers()).some((set) => set.id === id)
      )
      return listAnswers()
    }
  }
}
