import { pregMatch } from '../hash/regex/preg.ts'

/** A PCRE pattern of a warninglist as a test, null when PHP would refuse it (a warning, and no match). */
export function compilePattern(pattern: string): ((value: string) => boolean) | null {
  if (pregMatch(pattern, '').problem === 'REGEX_INVALID') return null
  return (value) => pregMatch(pattern, value).matched
}
