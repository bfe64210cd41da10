// To MISP every text is a hash path: what cannot be read as one finds nothing, or every array, without a word. Whoever types a path to follow or
// to search for is told instead.
import { CodedError } from '../../contract/errors.ts'
import { compilePath } from './path.ts'
import type { Token } from './path.ts'
import { pregMatch } from './regex/preg.ts'
import { readSelector } from './selector.ts'

/** What is wrong with a path, in one sentence; null when it can be read as a whole. */
export function pathFault(path: string): string | null {
  if (path.trim() === '') return 'It is empty.'
  for (const token of compilePath(path).tokens) {
    const fault = tokenFault(token)
    if (fault !== null) return fault
  }
  return null
}

/** Throws HASH_PATH_INVALID with what is wrong. */
export function assertPath(path: string): void {
  const fault = pathFault(path)
  if (fault !== null) throw new CodedError('HASH_PATH_INVALID', `“${path}” is no hash path. ${fault}`)
}

function tokenFault({ key, text, kind, conditions }: Token): string | null {
  if (text === '') return 'A key is missing before, after or between its dots.'
  if (key.includes(']')) return `“${text}” has a “]” without a “[” before it.`
  if (conditions !== null) {
    const { skipped } = readSelector(text.slice(text.indexOf('[')))
    if (skipped !== '')
      return skipped.split('[').length > skipped.split(']').length
        ? `“${skipped}” has a “[” without a “]” behind it.`
        : `“${skipped}” is no condition; conditions are written [key], [key=value] or [key=/pattern/].`
    if (key === '') return `“${text}” names no key before its condition; {n} stands for every item.`
    for (const { operator, value } of conditions) {
      const { problem, message } =
        operator === '=' && value?.startsWith('/') ? pregMatch(value, '') : { problem: null, message: '' }
      if (problem === 'REGEX_INVALID') return `The pattern ${value} cannot be read: ${message}`
    }
  }
  if (kind === 'key' && /^\{.*\}$/.test(key)) return `“${key}” is none of {n}, {s} and {*}.`
  if (kind === 'key' && key.split('{').length !== key.split('}').length)
    return `“${key}” has one of “{” and “}” without the other.`
  return null
}
