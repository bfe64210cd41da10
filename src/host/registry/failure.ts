import { CodedError, errorTable } from '../../contract/errors.ts'
import type { Failure } from '../../contract/wire.ts'
import { PhpThrow } from '../../engine/php/exceptions.ts'
import type { LogMistake } from '../ports/log.ts'

/** What a caller is told about anything that was thrown. A mistake of ours is logged here and nowhere else. */
export function toFailure(error: unknown, context: string, logMistake: LogMistake): Failure {
  // Another bundle's or thread's CodedError is no instance of ours; its name and code tell it.
  if (error instanceof CodedError || isCodedLike(error)) {
    return { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) }
  }
  if (error instanceof PhpThrow) {
    return {
      code: 'MISP_FAILS',
      message: `${error.phpClass}: ${error.message}`,
      details: { class: error.phpClass, error: error.isError }
    }
  }
  logMistake(context, error)
  return { code: 'INTERNAL', message: errorTable.INTERNAL }
}

const isCodedLike = (error: unknown): error is CodedError =>
  error instanceof Error &&
  error.name === 'CodedError' &&
  'code' in error &&
  Object.hasOwn(errorTable, String(error.code))
