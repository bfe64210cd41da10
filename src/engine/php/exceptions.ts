import type { Throwable } from '../../contract/run.ts'

/**
 * Something that PHP throws while MISP runs. `error` tells PHP's Error family (TypeError, Error, …), which MISP's executeNode
 * does not catch, from Exceptions, which it does. A JavaScript Error that is not one of these is a mistake of ours.
 */
export class PhpThrow extends Error {
  override readonly name = 'PhpThrow'
  #hint: string | null = null
  constructor(
    readonly phpClass: string,
    message: string,
    readonly isError: boolean
  ) {
    super(message)
  }
  /** What a person can make of it: what MISP read and was not there. It is Retrace’s, and MISP does not say it. */
  get hint(): string | null {
    return this.#hint
  }
  withHint(hint: string | null): this {
    this.#hint ??= hint
    return this
  }
  toThrowable(): Throwable {
    const hint = this.#hint === null ? {} : { hint: this.#hint }
    return { class: this.phpClass, message: this.message, error: this.isError, ...hint }
  }
}

/** A PHP TypeError, ArgumentCountError, ValueError, plain Error…: aborts MISP's run. */
export const phpError = (
  phpClass: 'TypeError' | 'Error' | 'ValueError' | 'ArgumentCountError' | 'DivisionByZeroError',
  message: string
): PhpThrow => new PhpThrow(phpClass, message, true)

/** A PHP Exception (InvalidArgumentException, NotFoundException, PDOException…): MISP turns it into a node error. */
export const phpException = (phpClass: string, message: string): PhpThrow => new PhpThrow(phpClass, message, false)
