// Redirects of a live request: made as MISP's curl makes them (CURLOPT_CUSTOMREQUEST, ten at most), but never beyond what a person confirmed, and
// without anything that may be a key for another host than the one that it was given for.
import type { HttpEffect } from '../../contract/run.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { mask, maskUrls, mayLeaveHost, secretsOfRequest } from '../../contract/secrets.ts'

export interface Hop {
  readonly url: URL
  readonly body: string
  readonly headers: HttpEffect['headers']
}

/** `left`: one sentence about where it goes and what stays behind. */
export type Redirect = { readonly hop: Hop; readonly left: string } | { readonly refused: string }

const followed: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** curl sends the body again with these. */
const keepsBody = (status: number): boolean => status === 307 || status === 308

const holds = (text: string, secrets: readonly string[]): boolean => new SecretTexts(secrets).hide(text) !== text

/** What the request may hold that is a key: headers that somebody chose, user and password, values of the query that are named so. */
export function secretsOf({ url, headers }: Pick<Hop, 'url' | 'headers'>): readonly string[] {
  const queried = [...url.searchParams].filter(([name]) => maskUrls(`?${name}=x`) !== `?${name}=x`)
  const login = [percentDecoded(url.username), percentDecoded(url.password)]
  const chosen = headers.filter(([name, value]) => !mayLeaveHost(name, value))
  const given = [...queried.map(([, value]) => value), ...login, ...chosen.map(([, value]) => value)]
  return [...new Set([...secretsOfRequest(url.href, headers), ...given])].filter((text) => text.length >= 4)
}

/** A lone `%` is one. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The next request of an answer; null where curl does not follow.
 * @param secrets of the request as it was given: what was left behind at an earlier hop stays one
 * @param mayContact why an address is not contacted, or null
 */
export function redirectOf(
  hop: Hop,
  { status, location }: { readonly status: number; readonly location: string | null },
  secrets: readonly string[],
  mayContact: (url: URL) => string | null
): Redirect | null {
  if (location === null || !followed.has(status)) return null
  const from = `${hop.url.origin} responds with ${status}`
  if (!URL.canParse(location, hop.url.href)) return { refused: `${from} and redirects to an invalid address` }
  const url = new URL(location, hop.url)
  const to = `${from} and redirects to ${originText(url, secrets)}`
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { refused: `${to}; only http and https are followed` }
  const body = keepsBody(status) ? hop.body : ''
  if (url.origin === hop.url.origin) {
    // curl keeps user and password at the host that they were given for.
    if (url.username === '' && url.password === '') {
      url.username = hop.url.username
      url.password = hop.url.password
    }
    return { hop: { url, body, headers: hop.headers }, left: `${status} to ${originText(url, secrets)}` }
  }
  const reason = mayContact(url)
  if (reason !== null) return { refused: `${to}, ${reason}; it was not followed` }
  if (holds(url.href, secrets)) return { refused: `${to} with a key in the address; it was not followed` }
  if (holds(body, secrets))
    return { refused: `${to}, and the request contains a key of the first host; it was not followed` }
  const kept = hop.headers.filter(([name, value]) => mayLeaveHost(name, value))
  const behind = hop.headers.filter((header) => !kept.includes(header)).map(([name]) => name)
  const login = hop.url.username === '' ? [] : ['user and password']
  const names = [...behind, ...login]
  const sentence = names.length === 0 ? '' : `, without ${names.join(', ')}`
  return { hop: { url, body, headers: kept }, left: `${status} to ${originText(url, secrets)}${sentence}` }
}

/** Scheme, host and port; a key that somebody wrote there is not shown. */
const originText = (url: URL, secrets: readonly string[]): string => {
  const text = url.host === '' ? url.protocol : `${url.protocol}//${url.host}`
  return holds(text, secrets) ||
    holds(
      text,
      secrets.map((secret) => secret.toLowerCase())
    )
    ? mask
    : text
}
