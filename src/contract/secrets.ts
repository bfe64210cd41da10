// How secrets are hidden wherever a person reads: parameters of modules, URLs.
import type { Json, JsonMap } from './json.ts'
import { mask } from './mask.ts'
import { isSecretParam } from './modules.ts'
import { SecretTexts } from './secret-texts.ts'
import { maskUrls } from './url-secrets.ts'

export { mask, maskUrls }

/** Settings of MISP that hold a password or a key, by their names. */
const secretSetting = /passw|salt|secret|token|api_?key|auth_?key|access_?key|authentication|private|encryption_key/i
export const isSecretSetting = (name: string): boolean => secretSetting.test(name)

const isBlank = (value: Json | undefined): boolean =>
  value === undefined || value === '' || value === null || (Array.isArray(value) && value.length === 0)

/** A secret parameter's value as dots; of `headers` the names stay. Other texts lose what their URLs hide. */
export function maskParam(id: string, value: Json): Json {
  if (!isSecretParam(id)) return typeof value === 'string' ? maskUrls(value) : value
  if (isBlank(value)) return value
  if (id.toLowerCase() !== 'headers' || typeof value !== 'string') return mask
  return value.replace(/[^\n\r]+/g, maskLine)
}

/** A line without a name is hidden as a whole: it may go on with the value before it. */
function maskLine(line: string): string {
  const at = line.search(/[:=]/)
  if (line.slice(at + 1).trim() === '') return line
  return at < 0 ? mask : `${line.slice(0, at + 1)} ${mask}`
}

export const maskParamMap = (params: JsonMap): JsonMap =>
  Object.fromEntries(Object.entries(params).map(([id, value]) => [id, maskParam(id, value)]))

type Headers = readonly (readonly [name: string, value: string])[]

/** Headers that MISP and its HTTP client write by themselves. All others came from somebody's parameter, and may be a key. */
const plainHeaders = new Set([
  ...['accept', 'accept-encoding', 'accept-language', 'cache-control', 'connection', 'content-encoding'],
  ...['content-length', 'content-type', 'date', 'expect', 'host', 'transfer-encoding', 'user-agent']
])
const answerSecret =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|x-(?:api|auth)-?(?:key|token)|api-?key|auth-?key|token)$|secret/i

/** Headers of a request: values that somebody chose are hidden. */
export const maskSentHeaders = (headers: Headers): Headers =>
  headers.map(([name, value]) => [name, plainHeaders.has(name.toLowerCase()) ? value : mask] as const)

/** Headers of an answer, or of a request that came in: those known to hold secrets are hidden, and in the others what repeats the given texts. */
export const maskGotHeaders = (headers: Headers, texts: SecretTexts = new SecretTexts()): Headers =>
  headers.map(([name, value]) => [name, answerSecret.test(name) ? mask : texts.hide(maskUrls(value))] as const)

/**
 * Whether a header of a request may go with it to another host: those that MISP writes, and values that are too short to be a key. `Host` and
 * credentials never do.
 */
export const mayLeaveHost = (name: string, value: string): boolean => {
  const plain = name.toLowerCase()
  if (plain === 'host' || answerSecret.test(plain)) return false
  return plainHeaders.has(plain) || value.trim().length < shortestHidden
}

/** Shorter ones stand in too many texts that have nothing to do with them. */
const shortestHidden = 5

/** What of a header's value is secret by itself: `Bearer abc` is also looked for as `abc`. */
const partsOf = (value: string): readonly string[] => [value, ...value.split(/\s+/).slice(1)]

const long = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.map((text) => text.trim()).filter((text) => text.length >= shortestHidden))
]

/** Texts that must not show up anywhere else: of hidden headers and of Telegram's URL. */
export const secretsOfRequest = (url: string, headers: Headers): readonly string[] =>
  long([
    ...headers.flatMap(([name, value]) => (plainHeaders.has(name.toLowerCase()) ? [] : partsOf(value))),
    ...[...url.matchAll(/\/bot([^\s/]+)\/sendMessage/g)].map((match) => match[1] ?? '')
  ])

/** Texts of secret parameters. */
export const secretsOfParams = (params: JsonMap): readonly string[] =>
  long(
    Object.entries(params).flatMap(([id, value]) => {
      if (!isSecretParam(id) || typeof value !== 'string') return []
      if (id.toLowerCase() !== 'headers') return [value]
      return value.split('\n').flatMap((line) => {
        const [, name = '', text = ''] = /^([^:=]*)[:=](.*)$/.exec(line) ?? []
        return plainHeaders.has(name.trim().toLowerCase()) ? [] : partsOf(text.trim())
      })
    })
  )

/** `value` with URLs masked and the given texts as dots, wherever in it they stand. Pass SecretTexts to look for the same ones again. */
export function hideTexts(value: Json, texts: readonly string[] | SecretTexts): Json {
  const secrets = texts instanceof SecretTexts ? texts : new SecretTexts(texts)
  const hide = (item: Json): Json => {
    if (typeof item === 'string') return secrets.hide(maskUrls(item))
    if (item === null || typeof item !== 'object') return item
    if (Array.isArray(item)) return item.map(hide)
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, hide(inner)]))
  }
  return hide(value)
}
