// How secrets are hidden wherever a person reads: parameters of modules, URLs.
import type { Json, JsonMap } from './json.ts'
import { isSecretParam } from './modules.ts'

export const mask = '••••••'

const isBlank = (value: Json | undefined): boolean =>
  value === undefined || value === '' || value === null || (Array.isArray(value) && value.length === 0)

/** User and password before a host, and tokens in a query. */
export const maskUrls = (text: string): string =>
  text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"]*@/gi, `$1${mask}@`)
    .replace(/([?&](?:[\w-]*(?:token|key|secret|password|sig)[\w-]*)=)[^&#\s"]+/gi, `$1${mask}`)

/** A secret parameter's value as dots; of `headers` the names stay. Other texts lose what their URLs hide. */
export function maskParam(id: string, value: Json): Json {
  if (!isSecretParam(id)) return typeof value === 'string' ? maskUrls(value) : value
  if (isBlank(value)) return value
  if (id.toLowerCase() !== 'headers' || typeof value !== 'string') return mask
  return value.replace(/^([^:\n=]*[:=])\s*(.+)$/gm, (_, name: string) => `${name} ${mask}`)
}

export const maskParamMap = (params: JsonMap): JsonMap =>
  Object.fromEntries(Object.entries(params).map(([id, value]) => [id, maskParam(id, value)]))
