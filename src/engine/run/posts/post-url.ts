// MISP posts to its debug endpoint through CakePHP's HttpSocket, which takes the URL apart and puts it together again twice
// (HttpSocket::request, url, _parseUri, _buildUri). What arrives is therefore not what Workflow::sendRequestToDebugEndpoint
// wrote: a query in the setting swallows the path, `#` cuts, `&` splits, spaces become `+`. Texts are handled as bytes.
import { rtrim } from '../../php/cast.ts'
import { base64, fromBytes, toBytes, urldecode, urlencode } from '../../php/bytes.ts'

export interface Target {
  readonly origin: string
  readonly path: string
  readonly query: string
  readonly authorization?: string
}

interface Parts {
  scheme?: string
  host?: string
  port?: number
  user?: string
  pass?: string
  path?: string
  query?: string
  fragment?: string
}

type Query = Map<string, string | Query>

/** The request that HttpSocket::post sends for a URL. */
export function debugTarget(url: string): Target {
  const first = withDefaults(parseUrl(absolute(toBytes(url))) ?? {})
  const second = withDefaults(parseUrl(build(first)) ?? {})
  const path = second.path.replace(/^\//, '')
  const query = buildQuery(parseQuery(second.query))
  const port = (second.scheme === 'http' && second.port === 80) || (second.scheme === 'https' && second.port === 443)
  return {
    origin: fromBytes(`${second.scheme}://${second.host}${port ? '' : `:${second.port}`}`),
    path: fromBytes(`/${path}`),
    query: isBlank(query) ? '' : query,
    ...(second.user !== undefined && second.pass !== undefined
      ? { authorization: `Basic ${base64(`${second.user}:${second.pass}`)}` }
      : {})
  }
}

/** PHP's empty() of a text. */
const isBlank = (text: string | undefined): boolean => text === undefined || text === '' || text === '0'

/** HttpSocket::url makes a URL absolute: `localhost` before a path, `http` before a host. */
function absolute(url: string): string {
  const full = url.startsWith('/') ? `localhost:80${url}` : url
  return /^.+:\/\/|\*|^\//.test(full) ? full : `http://${full}`
}

function withDefaults(parts: Parts): Parts & { scheme: string; host: string; port: number; path: string } {
  const scheme = parts.scheme ?? (parts.port === 443 ? 'https' : 'http')
  const port = parts.port ?? (scheme === 'https' ? 443 : 80)
  return { ...parts, scheme, port, host: parts.host ?? 'localhost', path: parts.path ?? '/' }
}

/** HttpSocket::_buildUri with its default template. */
function build(parts: Parts & { scheme: string; host: string; port: number; path: string }): string {
  const query = buildQuery(parseQuery(parts.query))
  const login = isBlank(parts.user) ? '' : `${parts.user}:${parts.pass ?? ''}@`
  return (
    `${parts.scheme}://${login}${parts.host}:${parts.port}/${parts.path.replace(/^\//, '')}` +
    (isBlank(query) ? '' : `?${query}`) +
    (isBlank(parts.fragment) ? '' : `#${parts.fragment}`)
  )
}

/** HttpSocket::_parseQuery. */
function parseQuery(query: string | undefined): Query {
  const parsed: Query = new Map()
  if (query === undefined || isBlank(query)) return parsed
  for (const item of query.replace(/^\?/, '').split('&')) {
    const at = item.indexOf('=')
    const key = urldecode(at < 0 ? item : item.slice(0, at))
    const value = at < 0 ? '' : urldecode(item.slice(at + 1))
    const subKeys = [...key.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? '')
    if (subKeys.length > 0) setNested(parsed, key, subKeys, value)
    else if (parsed.has(key)) addSecond(parsed, key, value)
    else parsed.set(key, value)
  }
  return parsed
}

function setNested(parsed: Query, key: string, subKeys: readonly string[], value: string): void {
  const root = key.slice(0, key.indexOf('['))
  const path = isBlank(root) ? [...subKeys] : [root, ...subKeys]
  let node = parsed
  path.forEach((subKey, i) => {
    const name = subKey === '' ? String(nextIndex(node)) : subKey
    if (i === path.length - 1) {
      node.set(name, value)
      return
    }
    const existing = node.get(name)
    const next: Query = existing instanceof Map ? existing : new Map()
    node.set(name, next)
    node = next
  })
}

/** A key given twice becomes a list. */
function addSecond(parsed: Query, key: string, value: string): void {
  const existing = parsed.get(key) ?? ''
  const list: Query = existing instanceof Map ? existing : new Map([['0', existing]])
  list.set(String(nextIndex(list)), value)
  parsed.set(key, list)
}

const nextIndex = (node: Query): number =>
  [...node.keys()].reduce((next, key) => (/^(0|[1-9]\d*)$/.test(key) ? Math.max(next, Number(key) + 1) : next), 0)

/** PHP's http_build_query, and the rtrim of `=` that _buildUri does after it. */
function buildQuery(query: Query): string {
  const parts: string[] = []
  const add = (prefix: string, value: string | Query): void => {
    if (typeof value === 'string') parts.push(`${prefix}=${urlencode(value)}`)
    else for (const [key, inner] of value) add(`${prefix}%5B${urlencode(key)}%5D`, inner)
  }
  for (const [key, value] of query) add(urlencode(key), value)
  return rtrim(parts.join('&'), '=')
}

/** PHP's parse_url; null for what it refuses. Control characters become `_`. */
function parseUrl(url: string): Parts | null {
  const scheme = /^([a-zA-Z0-9+.-]+):\/\//.exec(url)
  const parts: Parts = scheme ? { scheme: scheme[1] ?? '' } : {}
  let rest = scheme ? url.slice(scheme[0].length) : url
  if (scheme) {
    const end = rest.search(/[/?#]/)
    const authority = end < 0 ? rest : rest.slice(0, end)
    rest = end < 0 ? '' : rest.slice(end)
    if (!parseAuthority(authority, parts)) return null
    if (end < 0) return parts
  }
  const hash = rest.indexOf('#')
  if (hash >= 0) parts.fragment = clean(rest.slice(hash + 1))
  if (hash >= 0) rest = rest.slice(0, hash)
  const mark = rest.indexOf('?')
  if (mark >= 0) parts.query = clean(rest.slice(mark + 1))
  const path = mark >= 0 ? rest.slice(0, mark) : rest
  if (path !== '') parts.path = clean(path)
  return parts
}

function parseAuthority(authority: string, parts: Parts): boolean {
  const at = authority.lastIndexOf('@')
  if (at >= 0) {
    const login = authority.slice(0, at)
    const colon = login.indexOf(':')
    parts.user = clean(colon < 0 ? login : login.slice(0, colon))
    if (colon >= 0) parts.pass = clean(login.slice(colon + 1))
  }
  const place = authority.slice(at + 1)
  const colon = place.startsWith('[') && place.endsWith(']') ? -1 : place.lastIndexOf(':')
  const port = colon < 0 ? '' : place.slice(colon + 1)
  if (port.length > 5 || Number(port) > 65535) return false
  if (/^\d+/.test(port)) parts.port = parseInt(port, 10)
  const host = colon < 0 ? place : place.slice(0, colon)
  parts.host = clean(host)
  return host !== ''
}

const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '_')
