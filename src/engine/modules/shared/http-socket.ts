// HTTP as MISP sent it before CurlClient: HttpSocketExtended over CakePHP's HttpSocket and CakeSocket.
import type { Json } from '../../../contract/json.ts'
import type { EffectFailure } from '../../../contract/run.ts'
import { phpString } from '../../php/cast.ts'
import { EMPTY_OBJECT, entries, isArray } from '../../php/values.ts'
import { toBytes, urlencode } from '../../php/bytes.ts'

/** PHP's http_build_query(): nulls and objects without properties are left out, false is 0. */
export function buildQuery(data: Json, prefix?: string): string {
  return entries(isArray(data) ? data : [data])
    .map(([key, value]): string => {
      const name = prefix === undefined ? key : `${prefix}[${key}]`
      if (value === null || value === EMPTY_OBJECT) return ''
      if (isArray(value)) return buildQuery(value, name)
      const text = typeof value === 'boolean' ? String(Number(value)) : phpString(value)
      return `${urlencode(toBytes(name))}=${urlencode(toBytes(text))}`
    })
    .filter((part) => part !== '')
    .join('&')
}

/** A failure as PHP's streams word it (CakeSocket::connect, ::read). */
export function socketError({ failure, message }: EffectFailure, url: string): string {
  switch (failure) {
    case 'refused':
      return 'Connection refused'
    case 'unresolved':
      return 'php_network_getaddresses: getaddrinfo failed: Name or service not known'
    case 'timeout':
      return 'Connection timed out'
    case 'reset':
      return 'Invalid HTTP response.'
    case 'unavailable':
      return message === '' ? `unable to connect to ${url}` : message
  }
}
