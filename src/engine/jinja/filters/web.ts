// Filters for addresses and markup: urlencode, urlize, xmlattr.
import { filter, type Filter } from '../runtime/calls.ts'
import { truth } from '../python/compare.ts'
import { filterArgumentError, typeError, valueError } from '../python/errors.ts'
import { callMethod } from './text.ts'
import { toArray, tryIterate, unpack } from '../python/iterate.ts'
import { claimText, tick } from '../python/limits.ts'
import { asInt } from '../python/numbers.ts'
import { escapeValue } from '../python/operators.ts'
import { repr, str } from '../python/repr.ts'
import { markIf } from '../runtime/runtime.ts'
import { SPACE, escapeHtml, lengthOf, substring, utf8 } from '../python/text.ts'
import { PyBytes, PyDict, PyView, Undefined, textOf, typeName, type Py } from '../python/values.ts'
import { countIn } from '../python/text-parts.ts'

const UNRESERVED = /[A-Za-z0-9_.~-]/

function quote(value: Py, query: boolean): string {
  const bytes = value instanceof PyBytes ? value.data : utf8(str(value))
  claimText(bytes.length * 3)
  let text = ''
  for (const byte of bytes) {
    const char = String.fromCharCode(byte)
    if (byte < 128 && (UNRESERVED.test(char) || (char === '/' && !query))) text += char
    else if (query && byte === 32) text += '+'
    else text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

function urlEncode(value: Py): string {
  if (textOf(value) !== undefined || tryIterate(value) === undefined) return quote(value, false)
  const pairs = toArray(value instanceof PyDict ? new PyView(value, 'items') : value)
  return pairs
    .map((pair) => {
      const [key, item] = unpack(pair, 2)
      return `${quote(key as Py, true)}=${quote(item as Py, true)}`
    })
    .join('&')
}

const ATTRIBUTE_BREAK = /[\t\n\v\f\r />=]/

function xmlAttributes(value: Py, autospace: boolean): string {
  const parts = toArray(callMethod(value, 'items')).flatMap((pair) => {
    const [key, item] = unpack(pair, 2) as [Py, Py]
    if (item === null || item instanceof Undefined) return []
    const name = textOf(key)
    if (name === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(key)}'`)
    if (ATTRIBUTE_BREAK.test(name)) throw valueError(`Invalid character in attribute name: ${repr(key)}`)
    return [`${escapeValue(key).text}="${escapeValue(item).text}"`]
  })
  const text = parts.join(' ')
  return autospace && text !== '' ? ` ${text}` : text
}

const W = '[\\p{L}\\p{N}_]'
const NON_SPACE = `[^${SPACE}]`
const ADDRESS = new RegExp(
  `^((https?://|www\\.)(([\\p{L}\\p{N}_%-]+\\.)+)?([a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})` +
    `|([\\p{L}\\p{N}_%-]{2,63}\\.)+(com|net|int|edu|gov|org|info|mil)` +
    `|(https?://)((([\\p{Nd}]{1,3})(\\.[\\p{Nd}]{1,3}){3})|(\\[([\\p{Nd}a-f]{0,4}:){2}([\\p{Nd}a-f]{0,4}:?){1,6}\\])))` +
    `(?::[\\p{Nd}]{1,5})?(?:[/?#]${NON_SPACE}*)?\\n?$`,
  'iu'
)
const MAIL = new RegExp(`^${NON_SPACE}+@${W}[\\p{L}\\p{N}_.-]*\\.${W}+\\n?$`, 'u')
const SCHEME = /^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u
const WORDS = new RegExp(`([${SPACE}]+)`)

interface LinkOptions {
  readonly attributes: string
  readonly limit: number | null
  readonly schemes: readonly string[]
}

function shorten(text: string, limit: number | null): string {
  return limit !== null && lengthOf(text) > limit
    ? `${substring(text, 0, limit < 0 ? lengthOf(text) + limit : limit)}...`
    : text
}

function linkFor(word: string, options: LinkOptions): string {
  const { attributes, limit, schemes } = options
  if (ADDRESS.test(word)) {
    const href = word.startsWith('https://') || word.startsWith('http://') ? word : `https://${word}`
    return `<a href="${href}"${attributes}>${shorten(word, limit)}</a>`
  }
  if (word.startsWith('mailto:') && MAIL.test(word.slice(7))) return `<a href="${word}">${word.slice(7)}</a>`
  const bare = word.includes('@') && !word.startsWith('www.') && !word.startsWith('@') && !word.includes(':')
  if (bare && MAIL.test(word)) return `<a href="mailto:${word}">${word}</a>`
  let text = word
  for (const scheme of schemes) {
    if (text !== scheme && text.startsWith(scheme)) text = `<a href="${text}"${attributes}>${text}</a>`
  }
  return text
}

/** Where the closing punctuation of a word begins. */
function tailStart(word: string): number {
  let end = word.length
  for (;;) {
    if (end > 0 && ')>.,\n'.includes(word[end - 1] as string)) end--
    else if (word.startsWith('&gt;', end - 4) && end >= 4) end -= 4
    else return end
  }
}

/** Punctuation around a word stays outside the link, closing brackets only as far as they were opened outside. */
function linkWord(word: string, options: LinkOptions): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  let middle = word.slice(head.length)
  let tail = ''
  const end = tailStart(middle)
  tail = middle.slice(end)
  middle = middle.slice(0, end)
  for (const [open, close] of [
    ['(', ')'],
    ['<', '>'],
    ['&lt;', '&gt;']
  ] as const) {
    const opened = countIn(middle, open)
    if (opened <= countIn(middle, close)) continue
    for (let count = Math.min(opened, countIn(tail, close)); count > 0; count--) {
      const end = tail.indexOf(close) + close.length
      middle += tail.slice(0, end)
      tail = tail.slice(end)
    }
  }
  return head + linkFor(middle, options) + tail
}

function urlize(value: Py, options: LinkOptions): string {
  return escapeValue(value)
    .text.split(WORDS)
    .map((word) => {
      tick(1 + (word.length >> 2))
      return linkWord(word, options)
    })
    .join('')
}

function linkOptions(limit: Py, nofollow: boolean, target: Py, rel: Py, schemes: Py): LinkOptions {
  const parts = new Set(
    rel === null
      ? []
      : str(rel)
          .split(/\s+/)
          .filter((part) => part !== '')
  )
  if (nofollow) parts.add('nofollow')
  parts.add('noopener')
  const list = schemes === null ? [] : toArray(schemes).map(str)
  for (const scheme of list) {
    if (!SCHEME.test(scheme)) throw filterArgumentError(`${repr(scheme)} is not a valid URI scheme prefix.`)
  }
  const frame = target === null || !truth(target) ? '' : ` target="${escapeValue(target).text}"`
  const attributes = ` rel="${escapeHtml([...parts].sort().join(' '))}"${frame}`
  const max = limit === null ? null : asInt(limit)
  if (max === undefined) throw typeError(`'>' not supported between instances of 'int' and '${typeName(limit)}'`)
  return { attributes, limit: max === null ? null : Number(max), schemes: list }
}

export const webFilters: Readonly<Record<string, Filter>> = {
  urlencode: filter('do_urlencode', 'value', ([value]) => urlEncode(value as Py)),
  xmlattr: filter('do_xmlattr', 'd autospace?', ([d, autospace], { autoescape }) =>
    markIf(autoescape, xmlAttributes(d as Py, autospace === undefined || truth(autospace)))
  ),
  urlize: filter(
    'do_urlize',
    'value trim_url_limit? nofollow? target? rel? extra_schemes?',
    ([value, limit, nofollow, target, rel, schemes], { autoescape }) => {
      const options = linkOptions(limit ?? null, truth(nofollow ?? false), target ?? null, rel ?? null, schemes ?? null)
      return markIf(autoescape, urlize(value as Py, options))
    }
  )
}
