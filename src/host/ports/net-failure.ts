// What went wrong on the wire, in the words that curl gives to MISP: modules put them into their errors.
import type { EffectFailure } from '../../contract/run.ts'

interface NetError extends Error {
  readonly code?: string
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
}

/** The error with a code that a chain of wrappers ends in. */
function rootOf(error: unknown): NetError {
  let current = error as NetError
  for (let depth = 0; depth < 5; depth++) {
    const inner = (current?.errors?.[0] ?? (current?.code === undefined ? current?.cause : undefined)) as NetError
    if (!(inner instanceof Error)) break
    current = inner
  }
  return current
}

const certificate: { readonly [code: string]: string } = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'SSL certificate problem: self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'SSL certificate problem: self-signed certificate in certificate chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'SSL certificate problem: unable to get local issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'SSL certificate problem: unable to get local issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'SSL certificate problem: unable to get issuer certificate',
  CERT_HAS_EXPIRED: 'SSL certificate problem: certificate has expired',
  CERT_NOT_YET_VALID: 'SSL certificate problem: certificate is not yet valid'
}

/** The same for a person whom Retrace itself connects for: no curl is part of that. */
export const inPlainWords = (message: string): string => message.replace(/^curl error \d+ '.*?': /, '')

export interface Attempt {
  readonly host: string
  readonly port: number
  readonly milliseconds: number
}

/** An error of a socket, of TLS or of undici as an answer that failed. Unknown ones keep their own words. */
export function netFailure(error: unknown, { host, port, milliseconds }: Attempt): EffectFailure {
  const { code = '', message, name } = rootOf(error)
  const ms = Math.max(0, Math.round(milliseconds))
  const connect = `curl error 7 'Couldn't connect to server': Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`
  if (code === 'RETRACE_ADDRESS_REFUSED') return { failure: 'unavailable', message }
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL') {
    return { failure: 'refused', message: connect }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA' || code === 'EAI_FAIL') {
    const text = `curl error 6 'Couldn't resolve host name': Could not resolve host: ${host}`
    return { failure: 'unresolved', message: text }
  }
  if (name === 'TimeoutError' || name === 'AbortError' || code.endsWith('TIMEOUT') || code === 'ETIMEDOUT') {
    const text = `curl error 28 'Timeout was reached': Operation timed out after ${ms} milliseconds with 0 bytes received`
    return { failure: 'timeout', message: text }
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    const text = "curl error 56 'Failure when receiving data from the peer': Recv failure: Connection reset by peer"
    return { failure: 'reset', message: text }
  }
  if (code === 'UND_ERR_SOCKET') {
    const text = "curl error 52 'Server returned nothing (no headers, no data)': Empty reply from server"
    return { failure: 'reset', message: text }
  }
  const problem =
    certificate[code] ??
    (code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? `SSL: no alternative certificate subject name matches target host name '${host}'`
      : null)
  if (problem !== null) {
    return {
      failure: 'refused',
      message: `curl error 60 'SSL peer certificate or SSH remote key was not OK': ${problem}`
    }
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    return { failure: 'refused', message: `curl error 35 'SSL connect error': ${message}` }
  }
  if (code.startsWith('HPE_')) {
    const text = "curl error 1 'Unsupported protocol': Received HTTP/0.9 when not allowed"
    return { failure: 'reset', message: text }
  }
  return { failure: 'refused', message: `${connect} (${message})` }
}
