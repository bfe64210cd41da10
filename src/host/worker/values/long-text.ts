// Texts of values of any size: what is too long for a window is told before it is made.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { CodedError } from '../../../contract/errors.ts'
import { encodeJson } from '../../../engine/php/encode.ts'

/** A text for copying; more than this is downloaded. */
export const longestText = 16 * 1024 * 1024

export function textOf(value: Json | undefined): { readonly text: string } {
  const text = value === undefined || isLongerThan(value, longestText) ? '' : encodeJson(value, true)
  if (text.length > longestText || (text === '' && value !== undefined))
    throw new CodedError('PARAMS_INVALID', 'The value is too large to copy (more than 16 MB); download it.')
  return { text }
}

/** Whether its JSON has more characters. Looks at no more of it than it must. */
const isLongerThan = (value: Json, characters: number): boolean => beginningOf(value, characters) !== null

/** The first characters of its JSON, or null when that is all of it. */
export function beginningOf(value: Json, characters: number): string | null {
  const parts: string[] = []
  let left = characters
  /** False once there is enough. */
  const put = (text: string): boolean => {
    parts.push(text)
    return (left -= text.length) >= 0
  }
  const entry = (key: string, item: Json, at: number): boolean =>
    put(`${at > 0 ? ',' : ''}${JSON.stringify(key)}:`) && write(item)
  const write = (item: Json): boolean => {
    if (item === null || typeof item !== 'object') return put(JSON.stringify(item))
    if (Array.isArray(item)) {
      const list = item as readonly Json[]
      return put('[') && list.every((one, i) => (i === 0 || put(',')) && write(one)) && put(']')
    }
    return put('{') && Object.keys(item).every((key, i) => entry(key, (item as JsonMap)[key] as Json, i)) && put('}')
  }
  return write(value) ? null : parts.join('').slice(0, characters)
}
