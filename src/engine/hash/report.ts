/** Something that PHP only warns about, or that Retrace could not finish, while a path was followed. */
export interface HashWarning {
  readonly code: 'REGEX_INVALID' | 'REGEX_TOO_COMPLEX'
  readonly text: string
  readonly pattern: string
}

export type Report = (warning: HashWarning) => void
