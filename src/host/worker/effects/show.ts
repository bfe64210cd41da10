// Effects as a person reads them: secrets masked, as a curl command, a mail as its reader would see it.
import type { Json } from '../../../contract/json.ts'
import type { Effect, EffectAnswer, HttpEffect } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import {
  hideTexts,
  mask,
  maskGotHeaders,
  maskParam,
  maskSentHeaders,
  maskUrls,
  secretsOfRequest
} from '../../../contract/secrets.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { encodeJson } from '../../../engine/php/encode.ts'

export function maskEffect(effect: Effect): Effect {
  if (effect.kind === 'http') {
    const body = hideTexts(effect.body, secretsOfEffect(effect)) as string
    return { ...effect, url: maskUrls(effect.url), headers: maskSentHeaders(effect.headers), body }
  }
  if (effect.kind === 'template') return { ...effect, template: String(maskParam(effect.param, effect.template)) }
  if (effect.kind !== 'misp-modules') return effect
  // Keys of enrichment services travel in `config`, those of action modules in `params`.
  const body = Object.entries(effect.body).map(([name, value]) =>
    name === 'config' || name === 'params' ? [name, maskMap(value)] : [name, value]
  )
  return { ...effect, body: Object.fromEntries(body) as typeof effect.body }
}

const keyName = /key|token|secret|password|passwd|webhook/i

/** Names and values that are keys. */
const keysIn = (value: unknown): readonly (readonly [string, string])[] =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? []
    : Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
        typeof item === 'string' && item !== '' && keyName.test(name) ? [[name, item] as const] : []
      )

function maskMap(value: unknown): unknown {
  const keys = keysIn(value)
  return keys.length === 0 ? value : { ...(value as object), ...Object.fromEntries(keys.map(([name]) => [name, mask])) }
}

export const maskRunEffect = (given: RunEffect): RunEffect => ({
  ...given,
  effect: maskEffect(given.effect),
  answer: maskAnswer(given.effect, given.answer)
})

/** An answer may repeat what it was asked with. */
export function maskAnswer(effect: Effect, answer: EffectAnswer): EffectAnswer {
  if (effect.kind === 'template') {
    return 'text' in answer ? { ...answer, text: String(maskParam(effect.param, answer.text)) } : answer
  }
  const texts = new SecretTexts(secretsOfEffect(effect))
  const { headers, ...rest } = answer as { readonly headers?: Parameters<typeof maskGotHeaders>[0] }
  const shown = hideTexts(rest as Json, texts) as unknown as EffectAnswer
  return headers === undefined ? shown : { ...shown, headers: maskGotHeaders(headers, texts) }
}

/** Keys that an effect goes with: of headers and URL, and of a service's configuration. */
export function secretsOfEffect(effect: Effect): readonly string[] {
  if (effect.kind === 'http') return secretsOfUrl(effect.url).concat(secretsOfRequest(effect.url, effect.headers))
  if (effect.kind !== 'misp-modules') return []
  return ['config', 'params'].flatMap((part) =>
    keysIn(effect.body[part]).flatMap(([, value]) => (value.length >= shortestKey ? [value] : []))
  )
}

const shortestKey = 5

/** User, password and what the query names so. */
function secretsOfUrl(url: string): string[] {
  if (!URL.canParse(url)) return []
  const { password, searchParams } = new URL(url)
  const named = [...searchParams].filter(([name]) => maskUrls(`?${name}=x`) !== `?${name}=x`).map(([, value]) => value)
  return [...decodedOr(password), ...named].filter((text) => text.length >= shortestKey)
}

function decodedOr(text: string): readonly string[] {
  try {
    return [decodeURIComponent(text), text]
  } catch {
    return [text]
  }
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
