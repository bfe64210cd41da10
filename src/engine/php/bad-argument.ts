// A function of PHP's own that is given a value of the wrong type: PHP 8 throws a TypeError, PHP 7 only warns and answers null. (Functions of
// MISP that declare their arguments throw in both.)
import { phpError } from './exceptions.ts'
import { isPhp7 } from './version.ts'

/** @throws PhpThrow TypeError in PHP 8 */
export function badArgument(message: string): null {
  if (isPhp7()) return null
  throw phpError('TypeError', message)
}
