import { basename } from 'node:path'
import { CodedError, errorTable } from '../../contract/errors.ts'
import { maskUrls } from '../../contract/secrets.ts'
import type { Failure } from '../../contract/wire.ts'
import { PhpThrow } from '../../engine/php/exceptions.ts'
import type { LogMistake } from '../ports/log.ts'

/** What a caller is told about anything that was thrown. A mistake of ours is logged here and nowhere else. */
export function toFailure(error: unknown, context: string, logMistake: LogMistake): Failure {
  // Another bundle's or thread's CodedError is no instance of ours; its name and code tell it.
  if (error instanceof CodedError || isCodedLike(error)) {
    // An address that is refused is named, and may have a password in it.
    return { code: error.code, message: maskUrls(error.message), ...(error.details ? { details: error.details } : {}) }
  }
  if (error instanceof PhpThrow) {
    return {
      code: 'MISP_FAILS',
      message: `${error.phpClass}: ${error.message}`,
      details: { class: error.phpClass, error: error.isError }
    }
  }
  const failure = failureOfSystem(error)
  if (failure) return failure
  logMistake(context, error)
  return { code: 'INTERNAL', message: errorTable.INTERNAL }
}

/** Of the disk or the machine: a file that went away between two looks, no permission, a full disk. Nobody's mistake. */
export function failureOfSystem(error: unknown): Failure | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const code = String(error.code)
  // More than a string can hold.
  if (code === 'ERR_STRING_TOO_LONG') return { code: 'INPUT_TOO_LARGE', message: errorTable.INPUT_TOO_LARGE }
  if (!('syscall' in error) || !('path' in error) || typeof error.path !== 'string') return null
  const file = basename(error.path)
  if (/^(ENOSPC|EDQUOT|EROFS|EFBIG)$/.test(code))
    return {
      code: 'STORE_WRITE_FAILED',
      message: `${file} cannot be written (${code}).`,
      details: { file, reason: code }
    }
  return {
    code: 'FILE_UNREADABLE',
    message: `${file} cannot be read or written (${code}).`,
    details: { file, reason: code }
  }
}

const isCodedLike = (error: unknown): error is CodedError =>
  error instanceof Error &&
  error.name === 'CodedError' &&
  'code' in error &&
  Object.hasOwn(errorTable, String(error.code))
