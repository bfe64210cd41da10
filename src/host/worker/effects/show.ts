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
import { encodeJson } from '../../../engine/php/encode.ts'

export function maskEffect(effect: Effect): Effect {
  if (effect.kind === 'http') {
    const body = hideTexts(effect.body, secretsOfRequest(effect.url, effect.headers)) as string
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
  const headers = 'headers' in answer && answer.headers ? { headers: maskGotHeaders(answer.headers) } : {}
  if (effect.kind !== 'http') return { ...answer, ...headers }
  const texts = secretsOfRequest(effect.url, effect.headers)
  const { headers: _headers, ...rest } = answer as { readonly headers?: unknown }
  return { ...(hideTexts(rest as Json, texts) as unknown as EffectAnswer), ...headers }
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
