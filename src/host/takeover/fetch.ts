// Reads from a MISP on request. It only ever reads: no other method than GET is written down here.
import type { Json, JsonMap } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { maskUrls } from '../../contract/secrets.ts'
import { rtrim } from '../../engine/php/cast.ts'
import { isMap } from '../../engine/php/values.ts'
import { inPlaceBytes, type GivenText } from '../aside/given-text.ts'
import { serviceGuard } from '../ports/guard.ts'
import { performHttp } from '../ports/http.ts'
import { inPlainWords } from '../ports/net-failure.ts'
import { sources } from './sources.ts'

export interface Instance {
  readonly address: string
  readonly key: string
  readonly selfSigned: boolean
  readonly signal: AbortSignal
  /** Ids of the rows of a list, told in whatever thread. */
  readonly idsIn: (text: string, name: string) => Promise<readonly string[]>
  /** Puts an answer aside until all are there. */
  readonly keep: (text: string, name: string) => Promise<GivenText>
}

export interface Fetched {
  readonly name: string
  readonly given: GivenText
}

const timeoutSeconds = 120
const mostItems = 500

/** The address without its path's end, checked. Throws TAKE_OVER_FAILED. */
export function baseOf(address: string): string {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`
  try {
    const { protocol, origin, pathname } = new URL(given)
    if (protocol === 'http:' || protocol === 'https:') return `${origin}${rtrim(pathname, '/')}`
  } catch {
    // Said below.
  }
  throw new CodedError('TAKE_OVER_FAILED', `“${address}” is not a MISP address.`, { place: 'address' })
}

/** Everything of one kind. Throws TAKE_OVER_FAILED. */
export async function fetchKind(instance: Instance, kind: string, id: string | undefined): Promise<readonly Fetched[]> {
  const source = sources.find((one) => one.kind === kind)
  if (!source) throw new CodedError('TAKE_OVER_FAILED', `Unknown kind “${kind}” .`, { place: 'kind' })
  const named = (path: string, item: string): string => path.replace('ID', () => encodeURIComponent(wellFormed(item)))
  const fetched = async (path: string, name: string): Promise<Fetched> => ({
    name,
    given: await instance.keep(await get(instance, path), name)
  })
  if (source.each && id === undefined) {
    const list = await get(instance, source.each.list)
    const ids = await instance.idsIn(list, kind)
    const found: Fetched[] = []
    for (const item of ids) found.push(await fetched(named(source.each.item, item), `${kind} ${item}`))
    return found
  }
  if (source.path.includes('ID') && id === undefined) {
    throw new CodedError('TAKE_OVER_FAILED', `${kind}: an ID is required.`, { place: 'id' })
  }
  const path = id === undefined ? source.path : named(source.each?.item ?? source.path, id)
  return [await fetched(path, id === undefined ? kind : `${kind} ${id}`)]
}

/** Half a character has no place in an address. */
const wellFormed = (text: string): string => Buffer.from(text).toString('utf8')

/** Ids of rows, however MISP wraps them; of the first 500. */
export function idsOf(value: Json): readonly string[] {
  const list = Array.isArray(value)
    ? value
    : isMap(value)
      ? Object.values(value).find((item) => Array.isArray(item))
      : null
  if (!Array.isArray(list)) return []
  return (list as readonly Json[]).slice(0, mostItems).flatMap((row) => {
    const own = isMap(row)
      ? [row as JsonMap, ...(Object.values(row).filter((item) => isMap(item as Json)) as JsonMap[])]
      : []
    const id = own.map((map) => map['id']).find((found) => typeof found === 'string' || typeof found === 'number')
    return id === undefined ? [] : [String(id).slice(0, 100)]
  })
}

async function get({ address, key, selfSigned, signal }: Instance, path: string): Promise<string> {
  const answer = await performHttp(
    {
      kind: 'http',
      method: 'GET',
      url: `${baseOf(address)}${path}`,
      headers: [
        ['Accept', 'application/json'],
        ['Authorization', key],
        ['User-Agent', 'Retrace']
      ],
      body: '',
      ...(selfSigned ? { selfSigned } : {})
    },
    // The key is for this MISP: a redirect to another address is told, not followed.
    { guard: serviceGuard(new URL(baseOf(address)).hostname), timeoutSeconds, signal }
  )
  signal.throwIfAborted()
  // MISP, or who answers in its place, may repeat the key.
  const secrets = new SecretTexts([key])
  const hide = (text: string): string => secrets.hide(maskUrls(text))
  if ('failure' in answer)
    throw new CodedError('TAKE_OVER_FAILED', hide(`${path}: ${inPlainWords(answer.message)}`), {
      failure: answer.failure
    })
  if (!('body' in answer)) throw new CodedError('TAKE_OVER_FAILED', `${path}: no response.`)
  if (answer.status >= 200 && answer.status < 300) return answer.body
  throw new CodedError(
    'TAKE_OVER_FAILED',
    hide(`${path}: MISP responds with ${answer.status}: ${messageOf(answer.body, hide)}`),
    {
      status: answer.status
    }
  )
}

function messageOf(given: string, hide: (text: string) => string): string {
  // Before it is cut to what is shown: what is left of a key is one.
  const body = hide(given.slice(0, inPlaceBytes))
  try {
    const value = JSON.parse(body) as { message?: unknown; name?: unknown }
    return String(value.message ?? value.name ?? '').slice(0, 300)
  } catch {
    return body
      .slice(0, 20_000)
      .replace(/<[^<>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 200)
  }
}
