// Secrets in URLs, wherever in a text these stand. What is scanned comes from outside and may be long, so each character is looked at a
// bounded number of times: no pattern here may begin in the middle of what another attempt has read.
import { mask } from './mask.ts'

/** User and password before a host, Telegram's token in the path, and tokens in a query. */
export const maskUrls = (text: string): string =>
  maskQueries(maskUsers(text).replace(/\/bot[^\s/"]+\/sendMessage/g, `/bot${mask}/sendMessage`))

const isSchemeCharacter = (code: number): boolean =>
  isLetter(code) || (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

/** Whether a scheme ends at `end`; nothing before `begin` belongs to it. */
function hasScheme(text: string, begin: number, end: number): boolean {
  for (let i = end - 1; i >= begin && isSchemeCharacter(text.charCodeAt(i)); i--)
    if (isLetter(text.charCodeAt(i))) return true
  return false
}

function maskUsers(text: string): string {
  const authority = /[^\s/?#"]*/y
  const parts: string[] = []
  let done = 0
  let from = 0
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', from)) {
    const begin = at + 3
    authority.lastIndex = begin
    const [host = ''] = authority.exec(text) ?? []
    const user = host.lastIndexOf('@')
    // The next scheme ends at the earliest with the last character of this host.
    from = Math.max(begin, begin + host.length - 1)
    if (user < 0 || !hasScheme(text, done, at)) continue
    parts.push(text.slice(done, begin), mask)
    done = begin + user
  }
  return parts.join('') + text.slice(done)
}

const secretWord = /token|key|secret|password|sig/i

function maskQueries(text: string): string {
  const names = /[?&]([\w-]+)=/g
  const value = /[^&#\s"]+/y
  const parts: string[] = []
  let done = 0
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    value.lastIndex = names.lastIndex
    if (!secretWord.test(found[1]!) || !value.test(text)) continue
    parts.push(text.slice(done, names.lastIndex), mask)
    done = names.lastIndex = value.lastIndex
  }
  return parts.join('') + text.slice(done)
}
