// `retrace test --update`: asks of each difference whether it is expected from now on, and of each answer that nothing asks for whether it goes;
// writes nothing else.
import { createInterface } from 'node:readline/promises'
import type { CaseDifference } from '../contract/case.ts'
import { CodedError } from '../contract/errors.ts'
import type { Unused } from '../engine/case/answers.ts'
import { canAccept, updatedExpectations, withoutUnused } from '../engine/case/update.ts'
import { editedCase } from '../host/cases/edited-case.ts'
import type { TestedCase } from '../host/cases/test-case.ts'
import { writeOut } from './output.ts'
import { visible } from './style.ts'
import { shownSides } from './test-report.ts'

/** `null`: nothing more is asked. */
export type Ask = (question: string) => Promise<'yes' | 'no' | null>

/** Throws COMMAND_INVALID where nobody can answer, and in CI. */
export function assertAnswerable(env: NodeJS.ProcessEnv, isTerminal: boolean): void {
  const { CI } = env
  if (CI !== undefined && CI !== '' && CI !== '0' && CI.toLowerCase() !== 'false')
    throw new CodedError(
      'COMMAND_INVALID',
      '--update is refused where CI is set: what is expected is said by a person.'
    )
  if (!isTerminal)
    throw new CodedError('COMMAND_INVALID', '--update asks of each difference, so standard input has to be a terminal.')
}

/** Asks about one case, and writes what was accepted. `isOver`: nothing more is asked. */
export async function updateOne(
  { result, read, run }: TestedCase,
  ask: Ask
): Promise<{ readonly isWritten: boolean; readonly isOver: boolean }> {
  if (read === null || run === null) return { isWritten: false, isOver: false }
  const accepted: CaseDifference[] = []
  let isOver = false
  for (const one of result.differences.filter(canAccept)) {
    const answer = await ask(`${visible(read.file)}: ${questionOf(one)}`)
    isOver = answer === null
    if (isOver) break
    if (answer === 'yes') accepted.push(one)
  }
  const removed: Unused[] = []
  for (const one of isOver ? [] : run.unused) {
    const answer = await ask(`${visible(read.file)}: Nothing asks for ${visible(one.place)}.\nRemove it from the case?`)
    isOver = answer === null
    if (isOver) break
    if (answer === 'yes') removed.push(one)
  }
  const isWritten = accepted.length + removed.length > 0
  if (isWritten) {
    const expect = updatedExpectations(read.case, run, accepted)
    await writeOut(read.path, editedCase(read, { ...withoutUnused(read.raw, removed), expect: expect as never }))
  }
  return { isWritten, isOver }
}

function questionOf(one: CaseDifference): string {
  const [expected, got] = shownSides(one).map(visible)
  return `${visible(one.text)}\n  expected ${expected}\n  got      ${got}\nExpect this from now on?`
}

/** Somebody at the terminal. */
export async function withTerminal<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
  try {
    return await work(async (question) => {
      const answer = await Promise.race([lines.question(`${question} [y/N/q] `), closed])
      if (answer === null || /^q/i.test(answer.trim())) return null
      return /^y/i.test(answer.trim()) ? 'yes' : 'no'
    })
  } finally {
    lines.close()
  }
}
