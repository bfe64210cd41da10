/** What preg_match found. `problem`: an invalid pattern (PHP warns) or one that did not finish; both count as no match. */
export interface PregResult {
  readonly matched: boolean
  readonly problem?: 'REGEX_INVALID' | 'REGEX_TOO_COMPLEX'
  readonly message: string
}

export const pregMatch = (pattern: string, subject: string): PregResult => {
  const m = /^\/(.*)\/([ims]*)$/s.exec(pattern)
  if (!m) return { matched: false, problem: 'REGEX_INVALID', message: 'No ending delimiter' }
  return { matched: new RegExp(m[1] as string, m[2]).test(subject), message: '' }
}
