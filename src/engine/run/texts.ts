// MISP's sentences are made by CakePHP's __() (I18n::insertArgs over vsprintf): what it does with odd arguments is part of
// the text.
import type { Json } from '../../contract/json.ts'
import { phpString } from '../php/cast.ts'
import { isPhp7 } from '../php/version.ts'
import { phpError } from '../php/exceptions.ts'
import { isArray, phpType, values } from '../php/values.ts'

/**
 * CakePHP's __() with arguments. Two of its habits show in MISP's texts: a single null argument leaves the `%s` in place, and a
 * first argument that is an array replaces all arguments.
 * @throws PhpThrow ValueError when the text has more placeholders than there are arguments
 */
export function translate(text: string, ...args: readonly Json[]): string {
  if (args.length === 0 || (args.length === 1 && args[0] === null)) return text
  const first = args[0] ?? null
  const given = isArray(first) ? values(first) : args
  const wanted = text.split('%s').length - 1
  if (given.length < wanted) {
    // PHP 7 warns, and the text is false.
    if (isPhp7()) return ''
    throw phpError('ValueError', `The arguments array must contain ${wanted} items, ${given.length} given`)
  }
  let next = 0
  return text.replace(/%s/g, () => phpString(given[next++] ?? null))
}

/**
 * An argument declared `int`, in a file without strict types: integers, whole floats, numeric strings and booleans pass.
 * @throws PhpThrow TypeError
 */
export function intArgument(value: Json | undefined, argument: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string' && /^\s*[+-]?\d+(\.0*)?\s*$/.test(value)) return Number(value)
  throw phpError('TypeError', `${argument} must be of type int, ${phpType(value ?? null)} given`)
}
