import { CodedError } from '../../contract/errors.ts'
import { pregMatch } from '../hash/regex/preg.ts'

/** A PCRE pattern of a warninglist as a test, which throws REGEX_TOO_COMPLEX when it is given up; null when PHP would refuse it (a warning, and no match). */
export function compilePattern(pattern: string): ((value: string) => boolean) | null {
  if (pregMatch(pattern, '').problem === 'REGEX_INVALID') return null
  return (value) => {
    const { matched, problem, message } = pregMatch(pattern, value)
    if (problem === 'REGEX_TOO_COMPLEX') throw new CodedError(problem, message, { pattern })
    return matched
  }
}
