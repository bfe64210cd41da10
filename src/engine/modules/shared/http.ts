// HTTP as MISP's modules send it: Module_webhook::doRequest over SyncTool and CurlClient. What curl would put on the wire is
// data here (HttpEffect); the driver answers.
import type { Json } from '../../../contract/json.ts'
import type { EffectAnswer, EffectFailure, HttpEffect } from '../../../contract/run.ts'
import { phpString } from '../../php/cast.ts'
import { looseEquals } from '../../php/compare.ts'
import { encodeJson } from '../../php/encode.ts'
import { phpError, phpException } from '../../php/exceptions.ts'
import { entries, isArray, isEmpty, isIntegerKey } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import { isPhp7 } from '../../php/version.ts'
import type { Gen } from '../../effects/signals.ts'
import type { ModuleContext } from '../context.ts'
import { buildQuery, socketError } from './http-socket.ts'

export interface WebRequest {
  readonly url: Json
  readonly contentType: Json
  readonly data: Json
  /** Headers of the node's own, in order; they overwrite MISP's where they are spelled the same. */
  readonly headers?: readonly (readonly [string, string])[]
  readonly method?: Json
  readonly selfSigned?: boolean
}

export interface WebResponse {
  readonly status: number
  readonly body: string
}

/** What curl writes between the parts, with a fixed ending for its random one. */
const boundary = `${'-'.repeat(24)}BOUNDARY`
const formType = 'application/x-www-form-urlencoded'

const methods = ['post', 'get', 'put', 'delete']

/** HttpSocketResponse::isOk. */
export const isOk = (response: WebResponse): boolean => response.status >= 200 && response.status <= 206

/**
 * Module_webhook::doRequest. Throws SocketException where curl fails, and PHP's Error for a method that the module does not
 * know: it then has no response to ask.
 */
export function* sendRequest(ctx: ModuleContext, request: WebRequest): Gen<WebResponse> {
  const form = looseEquals(request.contentType, 'form')
  const data = form ? request.data : encodeJson(request.data)
  const method = methods.find((name) => looseEquals(request.method ?? 'post', name))
  if (method === undefined) throw phpError('Error', 'Call to a member function isOk() on null')
  // CurlClient sends no body when PHP calls it empty: "", "0" and [].
  const { sendsWithCurl } = ctx.profile
  const body = method === 'get' || isEmpty(data) ? '' : sendsWithCurl || !isArray(data) ? data : buildQuery(data)
  const effect: HttpEffect = {
    kind: 'http',
    method: method.toUpperCase(),
    url: absoluteUrl(phpString(request.url)),
    headers: headersOf(userAgentOf(ctx), request.headers ?? [], form, isArray(body)),
    body: isArray(body) ? multipart(body) : phpString(body),
    ...(request.selfSigned ? { selfSigned: true } : {})
  }
  const answer = yield* ctx.ask(effect)
  return sendsWithCurl ? readAnswer(answer, curlError, effect.url) : heard(readAnswer(answer, socketError, effect.url))
}

/** curl reads a URL without a scheme as HTTP and refuses white space and control characters. */
function absoluteUrl(url: string): string {
  const bad = "curl error 3 'URL using bad/illegal format or missing URL': URL using bad/illegal format or missing URL"
  if (/[\x00-\x20\x7f]/.test(url)) throw phpException('SocketException', bad)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]
  if (scheme === undefined) return `http://${url}`
  if (!/^https?$/i.test(scheme)) {
    const text = `curl error 1 'Unsupported protocol': Protocol "${scheme.toLowerCase()}" not supported or disabled in libcurl`
    throw phpException('SocketException', text)
  }
  return url
}

/** MISP names its version and, in a git checkout, its commit; a replay does not know the commit. */
const userAgentOf = ({ profile }: ModuleContext): string => `MISP ${profile.version}`

function headersOf(
  userAgent: string,
  own: readonly (readonly [string, string])[],
  form: boolean,
  parts: boolean
): [string, string][] {
  const merged = new Map([
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
    ['User-Agent', userAgent]
  ])
  let next = 0
  // array_merge() renumbers keys that are integers.
  for (const [name, value] of own) merged.set(isIntegerKey(name) ? String(next++) : name, value)
  if (form) merged.set('Content-Type', formType)
  // curl leaves out a header without a value, and one without a name (": value", tried with 7.88.1).
  const sent = [...merged].filter(([name, value]) => name !== '' && value !== '')
  if (!parts) return sent
  // curl moves the type behind the others and adds its boundary, whatever the type is.
  const type = merged.get('Content-Type')
  return [
    ...sent.filter(([name]) => name !== 'Content-Type'),
    ['Content-Type', `${type === '' ? 'multipart/form-data' : type}; boundary=${boundary}`]
  ]
}

/** What PHP's curl makes of an array in CURLOPT_POSTFIELDS: one level of nesting under the same name, then "Array". */
function multipart(data: PhpArray): string {
  const part = (name: string, value: Json): string =>
    `--${boundary}\r\nContent-Disposition: attachment; name="${escapeName(name)}"\r\n\r\n${phpString(value)}\r\n`
  const parts = entries(data).map(([name, value]) =>
    isArray(value)
      ? entries(value)
          .map(([, item]) => part(name, item))
          .join('')
      : part(name, value)
  )
  return `${parts.join('')}--${boundary}--\r\n`
}

const escapeName = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/**
 * What HttpSocket makes of an answer. One without a body is none to it, as the recordings of 2.4.177 have it; and its status is a text,
 * which no module finds identical to 401 or 403.
 */
const heard = ({ status, body }: WebResponse): WebResponse =>
  body === '' || status === 401 || status === 403 ? { status: 0, body } : { status, body }

/** An answer as MISP sees it; a failure as its client words it, which MISP throws as a SocketException. */
function readAnswer(
  answer: EffectAnswer,
  worded: (failure: EffectFailure, url: string) => string,
  url: string
): WebResponse {
  if ('failure' in answer) throw phpException('SocketException', worded(answer, url))
  if ('body' in answer) return { status: answer.status, body: answer.body }
  if ('json' in answer) return { status: answer.status ?? 200, body: encodeJson(answer.json) }
  return { status: 200, body: 'text' in answer ? answer.text : '' }
}

function curlError({ failure, message }: EffectFailure, url: string): string {
  if (message.startsWith('curl error ')) return message
  const [, scheme = 'http', host = '', port] =
    /^(\w+):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?/.exec(url) ?? []
  const number = port ?? (scheme.toLowerCase() === 'https' ? '443' : '80')
  switch (failure) {
    case 'refused': {
      // The libraries of PHP 7.4's time word it otherwise.
      const how = isPhp7() ? 'Connection refused' : "Couldn't connect to server"
      const when = isPhp7() ? '' : ' after 0 ms'
      return `curl error 7 'Couldn't connect to server': Failed to connect to ${host} port ${number}${when}: ${how}`
    }
    case 'unresolved':
      return `curl error 6 'Couldn't resolve host name': Could not resolve host: ${host}`
    case 'timeout':
      return "curl error 28 'Timeout was reached': Operation timed out after 300000 milliseconds with 0 bytes received"
    case 'reset':
      return "curl error 56 'Failure when receiving data from the peer': Recv failure: Connection reset by peer"
    case 'unavailable':
      return `curl error 7 'Couldn't connect to server': ${message}`
  }
}
