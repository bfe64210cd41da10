import { CodedError } from '../../contract/errors.ts'
import { assertKnown, compilePreg, createBudget, PregSubject, type Budget } from '../hash/regex/preg.ts'

const tooMany = 'The regular expressions of the warninglists did not finish within the limit of all together.'

/** A PCRE pattern of a warninglist as a test, which throws when nobody knows the answer; null when PHP would refuse it (a warning, and no match). */
export function compilePattern(pattern: string): ((value: PregSubject, budget?: Budget) => boolean) | null {
  const match = compilePreg(pattern)
  if (match(new PregSubject(''), createBudget()).problem === 'REGEX_INVALID') return null
  return (value, budget = createBudget()) => {
    // Many patterns on many values take long also where each ends at once.
    budget.steps -= 1 + (value.text.length >> 6)
    if (budget.steps < 0) throw new CodedError('REGEX_TOO_COMPLEX', tooMany, { pattern })
    const result = match(value, budget)
    assertKnown(result, pattern)
    return result.matched
  }
}
