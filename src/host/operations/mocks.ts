import type { AnswerSet, MockSet } from '../../contract/effects.ts'
import type { Json } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import { decodeJson } from '../../engine/php/decode.ts'
import { readJsonInput } from '../worker/input.ts'
import { parseAnswers } from '../worker/effects/recorded.ts'
import type { AnswerFile } from '../store/schemas.ts'
import type { Services } from './services.ts'

type MockOperations =
  'mocks.list' | 'mocks.save' | 'mocks.delete' | 'mocks.unpin' | 'answers.list' | 'answers.import' | 'answers.delete'

export const mockHandlers = ({ workspace, uploads, mocks, answers }: Services): Handlers<MockOperations> => {
  const listAnswers = async (): Promise<readonly AnswerSet[]> => (await answers.list()).map(summaryOf)
  const freeId = async (name: string, ids: () => Promise<readonly string[]>): Promise<string> => {
    const taken = new Set(await ids())
    return idFromName(name, (id) => taken.has(id))
  }
  return {
    'mocks.list': async ({ workflowId }) =>
      (await mocks.list()).filter(
        (set) => workflowId === undefined || set.workflowId === null || set.workflowId === workflowId
      ),
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
    'answers.import': async (given) => {
      workspace.assertWritable()
      const value =
        'text' in given
          ? decodeJson(given.text, { name: given.name })
          : await readJsonInput(uploads.fileOf(given.uploadId), given.name)
      const list = Array.isArray(value)
        ? value
        : ((value as { calls?: Json; answers?: Json } | null)?.calls ?? (value as { answers?: Json } | null)?.answers)
      if (parseAnswers(value).length === 0) {
        const text = `${given.name} contains no responses: expected a list of {"request", "reply"} or {"effect", "answer"}.`
        throw new CodedError('INPUT_WRONG_TYPE', text, { file: given.name })
      }
      const id = await freeId(given.name, () => answers.ids())
      const file: AnswerFile = {
        id,
        name: given.name,
        importedAt: new Date().toISOString(),
        answers: list as readonly Json[]
      }
      if ('uploadId' in given) uploads.forget(given.uploadId)
      return summaryOf(await answers.save(file))
    },
    'answers.delete': async ({ id }) => {
      workspace.assertWritable()
      await answers.remove(id)
      return listAnswers()
    }
  }
}

const summaryOf = ({ id, name, importedAt, answers }: AnswerFile): AnswerSet => ({
  ...{ id, name, importedAt },
  answers: parseAnswers(answers as Json).length
})
