// Parts of a str: counting, replacing and splitting.
import { valueError } from './errors.ts'
import { PyTuple, type Py } from './values.ts'
import { claimItems, claimText, tick } from './limits.ts'
import { needText } from './methods.ts'
import * as texts from './text.ts'

export function countIn(text: string, part: string): number {
  if (part === '') return texts.lengthOf(text) + 1
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++
  return count
}

/** str.replace; a negative `limit` means all. */
export function replaceText(text: string, old: string, fresh: string, limit: number): string {
  if (limit === 0) return text
  const occurrences = countIn(text, old)
  const count = limit < 0 ? occurrences : Math.min(limit, occurrences)
  claimText(text.length + count * (fresh.length - old.length))
  if (count === 0) return text
  if (old === '') {
    const chars = texts.points(text)
    let result = ''
    for (let index = 0; index <= chars.length; index++) {
      result += (index < count ? fresh : '') + (chars[index] ?? '')
    }
    return result
  }
  if (count === occurrences) return text.split(old).join(fresh)
  let result = ''
  let at = 0
  for (let done = 0; done < count; done++) {
    const next = text.indexOf(old, at)
    result += text.slice(at, next) + fresh
    at = next + old.length
  }
  return result + text.slice(at)
}

export function separator(value: Py | undefined): string | null {
  if (value === undefined || value === null) return null
  const text = needText(value, (type) => `must be str or None, not ${type}`)
  if (text === '') throw valueError('empty separator')
  return text
}

function claimedParts(text: string, by: string): string[] {
  const parts = text.split(by)
  claimItems(parts.length)
  tick(parts.length * 6)
  return parts
}

export function splitText(text: string, by: string | null, limit: number): string[] {
  if (by === null) return texts.splitSpaces(text, limit)
  const parts = claimedParts(text, by)
  if (limit < 0 || parts.length <= limit + 1) return parts
  return [...parts.slice(0, limit), parts.slice(limit).join(by)]
}

export function rsplitText(text: string, by: string | null, limit: number): string[] {
  if (by === null) return texts.rsplitSpaces(text, limit)
  const parts = claimedParts(text, by)
  if (limit < 0 || parts.length <= limit + 1) return parts
  const kept = parts.length - limit
  return [parts.slice(0, kept).join(by), ...parts.slice(kept)]
}

export function partition(text: string, by: Py | undefined, last: boolean): Py {
  const sep = needText(by, (type) => `must be str, not ${type}`)
  if (sep === '') throw valueError('empty separator')
  const at = last ? text.lastIndexOf(sep) : text.indexOf(sep)
  if (at < 0) return new PyTuple(last ? ['', '', text] : [text, '', ''])
  return new PyTuple([text.slice(0, at), sep, text.slice(at + sep.length)])
}
