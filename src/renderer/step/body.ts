// Bodies as who receives them reads them: messages without their escapes, fields of forms, parts of multipart texts.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect } from '../../contract/run.ts'
import { isMap } from '../../engine/php/values.ts'

interface BodyField {
  /** Empty: the body has only this. */
  readonly name: string
  readonly text: string
  /** What it is, where the body says so: a content type, a file name. */
  readonly note?: string
}

export interface DecodedBody {
  readonly kind: 'message' | 'form' | 'parts' | 'json' | 'text'
  readonly fields: readonly BodyField[]
}

/** Modules that post the whole data when their message is empty, as it is after a template error. */
const postsAllWhenEmpty: ReadonlySet<string> = new Set(['mattermost', 'slack', 'nextcloud'])

/** Where webhooks of chats expect what people read. */
const messageKeys = ['text', 'message', 'content'] as const

function parsed(text: string): Json | undefined {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** JSON in a text of JSON, so many times; levels of lists and maps in all. */
const deepest = { texts: 4, levels: 200 }

/** Texts that hold JSON are that JSON. What is deeper is cut: indented, it would grow with the square of its depth. */
function unfolded(value: Json, texts = 0, level = 0): Json {
  if (level > deepest.levels) return typeof value === 'object' && value !== null ? '…' : value
  if (typeof value === 'string') {
    const inner = texts > deepest.texts ? undefined : parsed(value)
    return inner === undefined ? value : unfolded(inner, texts + 1, level + 1)
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => unfolded(one, texts, level + 1))
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unfolded(one, texts, level + 1)]))
}

const pretty = (value: Json): string => JSON.stringify(value, null, 2)

/** A text as it is read; JSON indented, also JSON in texts of it. */
function readable(text: string): string {
  const value = parsed(text)
  return value === undefined ? text : pretty(unfolded(value))
}

const readableValue = (value: Json): string =>
  typeof value === 'string' ? readable(value) : typeof value === 'object' ? pretty(unfolded(value)) : String(value)

const fieldsOf = (map: JsonMap): readonly BodyField[] =>
  Object.entries(map).map(([name, value]) => ({ name, text: readableValue(value) }))

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** Telegram's HTML without its tags, addresses of links behind them; it knows these four entities and numbers. */
function withoutTags(html: string): string {
  let href = ''
  return html
    .replace(/<(\/?)([a-z]+)((?:[^a-z<>][^<>]*)?)>/gi, (_, closing: string, tag: string, rest: string) => {
      if (tag.toLowerCase() !== 'a') return ''
      if (closing !== '') return href === '' ? '' : ` (${href})`
      href = rest.split('href="')[1]?.split('"')[0] ?? ''
      return ''
    })
    .replace(/&(?:(lt|gt|amp|quot)|#(\d{1,7}));/g, (all, name: string | undefined, code: string | undefined) => {
      if (name !== undefined) return entities[name] ?? all
      const point = Number(code)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : all
    })
}

/** The message of a chat first, then what goes with it. Null when the value holds no message. */
function messageOf(value: Json | undefined): DecodedBody | null {
  if (!isMap(value)) return null
  const key = messageKeys.find((one) => typeof value[one] === 'string')
  if (key === undefined) return null
  const { [key]: message, ...rest } = value
  const text = value['parse_mode'] === 'HTML' ? withoutTags(String(message)) : readable(String(message))
  return { kind: 'message', fields: [{ name: key, text }, ...fieldsOf(rest)] }
}

const formOf = (body: string): DecodedBody => ({
  kind: 'form',
  fields: [...new URLSearchParams(body)].map(([name, value]) => ({ name, text: readable(value) }))
})

const boundaryOf = (type: string): string | undefined => {
  const found = /boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(type)
  return found?.[1] ?? found?.[2]
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

/** Header lines up to the first empty line; a line that begins with white space goes on with the one before. */
function partOf(raw: string): Part {
  const end = /\r?\n\r?\n/.exec(raw)
  const head = end ? raw.slice(0, end.index) : ''
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, text: end ? raw.slice(end.index + end[0].length) : raw }
}

function splitParts(body: string, boundary: string): readonly Part[] {
  const pieces = `\n${body}`.split(`\n--${boundary}`)
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => partOf(piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, '')))
}

const bytesOf = (binary: string): Uint8Array => Uint8Array.from(binary, (one) => one.charCodeAt(0) & 0xff)

function decodeText(bytes: Uint8Array, type: string): string {
  const charset = /charset="?([\w-]{1,40})/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

function transferred({ headers, text }: Part): string {
  const type = headers.get('content-type') ?? ''
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase()
  try {
    if (encoding === 'base64') return decodeText(bytesOf(atob(text.replace(/\s+/g, ''))), type)
    if (encoding !== 'quoted-printable') return text
    const plain = text.replace(/=\r?\n/g, '')
    const binary = plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    return decodeText(bytesOf(binary), type)
  } catch {
    return text
  }
}

function partsOf(body: string, boundary: string, depth = 0): readonly BodyField[] {
  return splitParts(body, boundary).flatMap((part): readonly BodyField[] => {
    const type = part.headers.get('content-type') ?? ''
    const inner = /^multipart\//i.test(type) ? boundaryOf(type) : undefined
    if (inner !== undefined && depth < deepest.texts) return partsOf(part.text, inner, depth + 1)
    const disposition = part.headers.get('content-disposition') ?? ''
    const file = /filename="?([^";]*)/i.exec(disposition)?.[1]
    const name = /(?:^|[;\s])name="?([^";]*)/i.exec(disposition)?.[1] ?? file ?? ''
    const note = [type.split(';')[0]?.trim() ?? '', file === name ? '' : (file ?? '')].filter((one) => one !== '')
    const text = transferred(part)
    return [{ name, text: readable(text), ...(note.length > 0 ? { note: note.join(', ') } : {}) }]
  })
}

function parts(body: string, boundary: string): DecodedBody | null {
  const fields = partsOf(body, boundary)
  return fields.length === 0 ? null : { kind: 'parts', fields }
}

/** The body of a request as its receiver reads it; null when it is read as it stands. */
export function decodeBody(body: string, type: string): DecodedBody | null {
  if (body === '') return null
  const boundary = boundaryOf(type)
  // curl keeps the form's own type in front of a boundary.
  const found = boundary === undefined ? null : parts(body, boundary)
  if (found) return found
  const value = parsed(body)
  if (value !== undefined) return messageOf(value) ?? { kind: 'json', fields: [{ name: '', text: readable(body) }] }
  if (/x-www-form-urlencoded/i.test(type) && /^[^\s=&]+=/.test(body)) return formOf(body)
  return null
}

/** A mail that is a multipart text: its parts. Null for a plain one. */
export function decodeMail(text: string): DecodedBody | null {
  const head = partOf(text.trimStart())
  const declared = boundaryOf(head.headers.get('content-type') ?? '')
  const bare = /^\s*--([^\s-][^\r\n]{0,199})\r?\n(?:[\w-]+:)/.exec(text)?.[1]
  const boundary = declared ?? bare
  return boundary === undefined ? null : parts(text.trimStart(), boundary)
}

/** `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`, as headers of mails hold what is no ASCII. */
export const decodeHeader = (text: string): string =>
  text
    .replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?([^?\s]{1,40})\?([bq])\?([^?\s]*)\?=/gi, (_, charset: string, way: string, coded: string) => {
      const encoding = way.toLowerCase() === 'b' ? 'base64' : 'quoted-printable'
      const given = encoding === 'base64' ? coded : coded.replaceAll('_', ' ')
      const headers = new Map([
        ['content-type', `text/plain; charset=${charset}`],
        ['content-transfer-encoding', encoding]
      ])
      return transferred({ headers, text: given })
    })

function serviceMessage(body: JsonMap): DecodedBody | null {
  const { params } = body
  if (!isMap(params) || typeof params['message_template'] !== 'string') return null
  const { message_template: message, ...rest } = params
  const empty = message === '' && postsAllWhenEmpty.has(String(body['module']))
  const text = empty ? 'Empty: the module posts the whole data as JSON.' : String(message)
  return { kind: 'message', fields: [{ name: 'message', text }, ...fieldsOf(rest)] }
}

const typeOf = (headers: readonly (readonly [string, string])[]): string =>
  headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''

/** What an effect sends, as its receiver reads it. */
export function decodeEffect(effect: Effect): DecodedBody | null {
  switch (effect.kind) {
    case 'http':
      return decodeBody(effect.body, typeOf(effect.headers))
    case 'mail':
      return decodeMail(effect.text)
    case 'misp-modules':
      return serviceMessage(effect.body)
    case 'zmq':
      return { kind: 'json', fields: [{ name: '', text: pretty(unfolded(effect.message)) }] }
    case 'template':
      return null
  }
}
