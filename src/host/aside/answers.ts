// Files of recorded answers (answers/), as they are imported and listed.
import type { AnswerSet } from '../../contract/effects.ts'
import type { Json } from '../../contract/json.ts'
import type { WorkspaceProblem } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { NamedFiles } from '../store/named-files.ts'
import { answersShape, type AnswerFile } from '../store/schemas.ts'
import { isServiceDown, parseAnswers } from '../worker/effects/recorded.ts'
import { parseGiven, type GivenText } from './given-text.ts'

interface NewAnswers {
  readonly folder: string
  readonly given: GivenText
  readonly name: string
  /** That no file has. */
  readonly id: string
  readonly importedAt: string
}

/** Throws INPUT_WRONG_TYPE when the text has no answers. */
export async function keepAnswers({ folder, given, name, id, importedAt }: NewAnswers): Promise<AnswerSet> {
  const value = await parseGiven(given, name)
  const list = Array.isArray(value)
    ? value
    : ((value as { calls?: Json; answers?: Json } | null)?.calls ?? (value as { answers?: Json } | null)?.answers)
  if (parseAnswers(value).length === 0 && !isServiceDown(value)) {
    const text = `${name} contains no responses: expected a list of {"request", "reply"} or {"effect", "answer"}.`
    throw new CodedError('INPUT_WRONG_TYPE', text, { file: name })
  }
  const files = new NamedFiles(folder, answersShape, { report: () => undefined, writable: () => true })
  return summaryOf(await files.save({ id, name, importedAt, answers: list as readonly Json[] }))
}

export async function listAnswers({
  folder,
  writable
}: {
  readonly folder: string
  readonly writable: boolean
}): Promise<{
  readonly sets: readonly AnswerSet[]
  readonly problems: readonly WorkspaceProblem[]
}> {
  const problems: WorkspaceProblem[] = []
  const files = new NamedFiles(folder, answersShape, {
    report: (problem) => void problems.push(problem),
    writable: () => writable
  })
  return { sets: (await files.list()).map(summaryOf), problems }
}

const summaryOf = ({ id, name, importedAt, answers }: AnswerFile): AnswerSet => ({
  ...{ id, name, importedAt },
  answers: parseAnswers(answers as Json).length
})
