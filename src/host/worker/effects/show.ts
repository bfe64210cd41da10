// Effects as a person reads them: secrets masked, as a curl command, a mail as its reader would see it.
import type { Effect, HttpEffect } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { encodeJson } from '../../../engine/php/encode.ts'
import { mask } from '../../capture/mask.ts'

const secretName =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-(api|auth)-?(key|token)|api-?key|auth-?key|token|.*secret.*)$/i
const secretParam = /([?&](?:[\w-]*(?:token|key|secret|password|sig)[\w-]*)=)[^&#]*/gi

const maskHeaders = (headers: HttpEffect['headers']): HttpEffect['headers'] =>
  headers.map(([name, value]) => [name, secretName.test(name) ? mask : value] as const)

/** User and password, tokens in the query, and Telegram's token in the path. */
export const maskUrl = (url: string): string =>
  url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, `$1${mask}@`)
    .replace(/\/bot[^/]+\/sendMessage/, `/bot${mask}/sendMessage`)
    .replace(secretParam, `$1${mask}`)

export function maskEffect(effect: Effect): Effect {
  if (effect.kind === 'http') return { ...effect, url: maskUrl(effect.url), headers: maskHeaders(effect.headers) }
  if (effect.kind !== 'misp-modules') return effect
  // Keys of enrichment services travel in `config`, those of action modules in `params`.
  const body = Object.entries(effect.body).map(([name, value]) =>
    name === 'config' || name === 'params' ? [name, maskMap(value)] : [name, value]
  )
  return { ...effect, body: Object.fromEntries(body) as typeof effect.body }
}

function maskMap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'string' && item !== '' && /key|token|secret|password|passwd|webhook/i.test(name)
        ? mask
        : (item as unknown)
    ])
  )
}

export const maskRunEffect = (given: RunEffect): RunEffect => {
  const effect = maskEffect(given.effect)
  const { answer } = given
  const headers = 'headers' in answer && answer.headers ? { headers: maskHeaders(answer.headers) } : {}
  return { ...given, effect, answer: { ...answer, ...headers } }
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The request as a curl command; for mails and messages the command that is nearest. */
export function asCurl(effect: Effect, services: { readonly Enrichment: string; readonly Action: string }): string {
  switch (effect.kind) {
    case 'http':
      return curlOf(effect)
    case 'misp-modules':
      return curlOf({
        kind: 'http',
        method: 'POST',
        url: `${services[effect.family]}/query`,
        headers: [['Content-Type', 'application/json']],
        body: encodeJson(effect.body)
      })
    case 'mail':
      return [
        `printf '%b' ${quoted(`To: ${effect.to}\\nSubject: ${effect.subject}\\n\\n${effect.text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)} |`,
        `  curl smtp://localhost:25 --mail-from misp@localhost --mail-rcpt ${quoted(effect.to)} --upload-file -`
      ].join('\n')
    case 'zmq':
      return `# ZeroMQ, topic ${effect.topic}\n${encodeJson(effect.message)}`
    case 'template':
      return `# a template, rendered by Retrace\n${effect.template}`
  }
}

function curlOf({ method, url, headers, body, selfSigned }: HttpEffect): string {
  const parts = [
    `curl --location --request ${method} ${quoted(url)}`,
    ...(selfSigned ? ['--insecure'] : []),
    ...headers.map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-binary ${quoted(body)}`])
  ]
  return parts.join(' \\\n  ')
}
