// Secrets in what MISP posts: parameters of modules that hold tokens, headers of webhooks, and the password in Authorization. Masked
// in views and exports unless somebody asks for them; the stored bytes stay as they came.
import type { Json } from '../../contract/json.ts'
import { isSecretParam } from '../../contract/modules.ts'
import { mask, maskParam } from '../../contract/secrets.ts'
import type { RawPost } from './ndjson.ts'
import { isMap } from './maps.ts'

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key'])
export { mask }

/** Copies parameters with secret values masked. `headers` of webhooks keep their names. */
export function maskParams(params: unknown): unknown {
  if (!isMap(params)) return params
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, isSecretParam(key) ? maskParam(key, value as Json) : value])
  )
}

/** Every secret text in a post's nodes: `source.parameters`, and `indexed_params` of the nodes in an end post. */
function secretsOf(body: unknown): string[] {
  const found: string[] = []
  const collect = (params: unknown): void => {
    if (!isMap(params)) return
    for (const [key, value] of Object.entries(params)) {
      if (isSecretParam(key) && typeof value === 'string' && value.length > 0) found.push(value)
    }
  }
  if (!isMap(body)) return found
  if (isMap(body['source'])) collect(body['source']['parameters'])
  const data = isMap(body['data']) ? body['data'] : {}
  for (const key of ['executed_nodes', 'blocking_nodes']) {
    const nodes = data[key]
    for (const node of Array.isArray(nodes) ? nodes : []) {
      if (isMap(node) && isMap(node['data'])) collect(node['data']['indexed_params'])
    }
  }
  return found
}

/** The text as PHP's json_encode writes it inside quotes, with and without escaped slashes and unicode. */
const written = (secret: string): string[] => {
  const plain = JSON.stringify(secret).slice(1, -1)
  const ascii = plain.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [...new Set([plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')])]
}

/** A post with its secrets masked; all other bytes of its body stay. */
export function maskPost({ meta, body }: RawPost): RawPost {
  const headers = meta.headers.map(
    ([name, value]) => [name, secretHeaders.has(name.toLowerCase()) ? mask : value] as const
  )
  let text = body.toString('utf8')
  let parsed: unknown = null
  try {
    parsed = JSON.parse(text)
  } catch {
    // Not understood: only headers can be masked.
    return { meta: { ...meta, headers }, body }
  }
  const secrets = secretsOf(parsed)
  if (secrets.length === 0) return { meta: { ...meta, headers }, body }
  for (const secret of secrets) for (const form of written(secret)) text = text.replaceAll(`"${form}"`, `"${mask}"`)
  return { meta: { ...meta, headers }, body: Buffer.from(text) }
}

/** A target without the secret that the debug URL may hold. */
export const maskTarget = (target: string, secrets: readonly string[]): string =>
  secrets.reduce(
    (text, secret) =>
      secret === '' ? text : text.replaceAll(secret, mask).replaceAll(encodeURIComponent(secret), mask),
    target
  )
