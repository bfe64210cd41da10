// What of a recorded answer is compared: without what differs from run to run (generated ids and times, boundaries, what the
// transport adds). The same rules as in the recordings' own checker.
import type { Json, JsonMap } from '../../src/contract/json.ts'

const addedByTransport = ['user-agent', 'content-length', 'accept-encoding', 'expect', 'connection']
const text = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value))

export function comparableHttp(request: JsonMap): JsonMap {
  const headers = (request['headers'] as readonly (readonly [string, string])[])
    .map(
      ([name, value]) => [name.toLowerCase(), value.replace(/boundary=-+[0-9a-zA-Z]+/, 'boundary=BOUNDARY')] as const
    )
    .filter(([name]) => !addedByTransport.includes(name))
  const { method = null, path = null, query = '', body, body_raw } = request
  const common = { method, path, query, headers: Object.fromEntries(headers) }
  if (body !== undefined) return { ...common, body }
  return {
    ...common,
    ...(body_raw === undefined ? {} : { body_raw: text(body_raw).replace(/-{20,}[0-9a-zA-Z]+/g, 'BOUNDARY') })
  }
}

export const comparableMail = ({ to = null, subject = null, text: body }: JsonMap): JsonMap => ({
  to,
  subject,
  text: text(body).replace(/\s+$/, '')
})

export function comparableQuery(query: JsonMap): JsonMap {
  const request = (query['request'] ?? query) as JsonMap
  if (request['module'] !== 'jinja_template_rendering') return request
  return { module: request['module'], template: request['template'] ?? null }
}

/** The columns that a world keeps, by table. */
const kept: { readonly [table: string]: readonly string[] } = {
  events: ['published', 'distribution', 'sharing_group_id', 'timestamp', 'publish_timestamp'],
  attributes: 'to_ids comment timestamp type category value1 value2 event_id distribution'.split(' '),
  objects: ['timestamp'],
  event_tags: ['event_id', 'tag_id', 'local', 'relationship_type'],
  attribute_tags: ['attribute_id', 'event_id', 'tag_id', 'local', 'relationship_type'],
  shadow_attributes: ['deleted'],
  event_blocklists: ['event_uuid', 'event_info', 'comment', 'event_orgc'],
  warninglist_entries: ['value', 'warninglist_id'],
  tags: ['name'],
  workflows: ['counter']
}

interface TableChanges {
  readonly added?: readonly JsonMap[]
  readonly removed?: readonly JsonMap[]
  readonly changed?: readonly {
    readonly id: Json
    readonly fields: { readonly [column: string]: readonly [Json, Json] }
  }[]
}

function rowTexts(rows: readonly JsonMap[] | undefined, columns: readonly string[]): string[] {
  const pick = (row: JsonMap): JsonMap =>
    Object.fromEntries(
      columns.filter((column) => row[column] !== undefined).map((column) => [column, text(row[column])])
    )
  return (rows ?? []).map((row) => JSON.stringify(pick(row))).sort()
}

/** The texts less the others, one for one. */
function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return texts.filter((text) => {
    const at = left.indexOf(text)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

export function comparableDatabase(changes: JsonMap): JsonMap {
  const out: [string, Json][] = []
  for (const [table, columns] of Object.entries(kept)) {
    const { added, removed, changed } = (changes[table] ?? {}) as unknown as TableChanges
    const rows = (changed ?? [])
      .map(({ id, fields }) => {
        const shown = Object.entries(fields).filter(([column]) => columns.includes(column))
        return { id: text(id), fields: Object.fromEntries(shown.map(([column, pair]) => [column, pair.map(text)])) }
      })
      .filter(({ fields }) => Object.keys(fields).length > 0)
      .sort((a, b) => a.id.localeCompare(b.id))
    // A row that is removed and added again is no change.
    const [plus, minus] = [rowTexts(added, columns), rowTexts(removed, columns)]
    const parts = { added: without(plus, minus), removed: without(minus, plus), changed: rows }
    const filled = Object.entries(parts).filter(([, part]) => part.length > 0)
    if (filled.length > 0) out.push([table, Object.fromEntries(filled) as unknown as Json])
  }
  return Object.fromEntries(out)
}
