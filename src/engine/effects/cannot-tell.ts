import { CodedError } from '../../contract/errors.ts'

/**
 * Thrown where the run needs an answer that nobody can give (no template renderer, missing world data): the run ends as
 * `cannot tell`, never with a guess. It is no PHP exception, so nothing in MISP's own error handling may catch it.
 */
export class CannotTell extends Error {
  override readonly name = 'CannotTell'
  constructor(
    /** A word code for the run's note, such as NO_TEMPLATE_RENDERER. */
    readonly code: string,
    /** One sentence for the user. */
    readonly reason: string
  ) {
    super(reason)
  }
}

const unknown: ReadonlySet<string> = new Set(['REGEX_TOO_COMPLEX', 'REGEX_UNSUPPORTED', 'INPUT_TOO_LARGE'])

/**
 * What makes a run end as `cannot tell`, or null. A regular expression that was given up or that Retrace cannot read is such a thing too:
 * whether PHP's would have matched is not known, and no match is not the same. So is a text that is too long here and may not be for PHP.
 */
export function asCannotTell(thrown: unknown): CannotTell | null {
  if (thrown instanceof CannotTell) return thrown
  return thrown instanceof CodedError && unknown.has(thrown.code) ? new CannotTell(thrown.code, thrown.message) : null
}
