import type { Throwable } from '../../contract/run.ts'

/**
 * Something that PHP throws while MISP runs. `error` tells PHP's Error family (TypeError, Error, …), which MISP's executeNode
 * does not catch, from Exceptions, which it does. A JavaScript Error that is not one of these is a mistake of ours.
 */
export class PhpThrow extends Error {
  override readonly name = 'PhpThrow'
  constructor(
    readonly phpClass: string,
    message: string,
    readonly isError: boolean
  ) {
    super(message)
  }
  toThrowable(): Throwable {
    return { class: this.phpClass, message: this.message, error: this.isError }
  }
}

/** A PHP TypeError, ArgumentCountError, ValueError, plain Error…: aborts MISP's run. */
export const phpError = (
  phpClass: 'TypeError' | 'Error' | 'ValueError' | 'ArgumentCountError' | 'DivisionByZeroError',
  message: string
): PhpThrow => new PhpThrow(phpClass, message, true)

/** A PHP Exception (InvalidArgumentException, NotFoundException, PDOException…): MISP turns it into a node error. */
export const phpException = (phpClass: string, message: string): PhpThrow => new PhpThrow(phpClass, message, false)
