// Errors of the template keep Python's class name, so that what misp-modules would have logged can be shown.

/** An error as Python raises it. `line` is the template's line, set where it becomes known. */
export class PyError extends Error {
  readonly type: string
  line: number | null
  constructor(type: string, message: string, line: number | null = null) {
    super(message)
    this.type = type
    this.line = line
  }
}

export const typeError = (message: string): PyError => new PyError('TypeError', message)
export const valueError = (message: string): PyError => new PyError('ValueError', message)
export const overflowError = (message: string): PyError => new PyError('OverflowError', message)
export const filterArgumentError = (message: string): PyError => new PyError('FilterArgumentError', message)
export const recursionError = (): PyError => new PyError('RecursionError', 'maximum recursion depth exceeded')
export const syntaxError = (message: string, line: number): PyError => new PyError('TemplateSyntaxError', message, line)
export const assertionError = (message: string, line: number): PyError =>
  new PyError('TemplateAssertionError', message, line)
