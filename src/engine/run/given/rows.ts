// Rows as MISP's database has them: which columns there are, in which order Event::fetchEvent lists them, and what stands in one
// that nobody gave. A row with nothing to add is answered as it is.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { put, type MutableMap } from '../../php/values.ts'
import type { MadeUp, Noun } from './made-up.ts'

interface Column {
  readonly name: string
  /** Numbers are texts in a database's answer, tinyint(1) is a boolean. */
  readonly type: 'text' | 'flag' | 'nullable'
  /** MISP's default; absent: made up of what surrounds the row, or left out. */
  readonly fallback?: Json
}

const column =
  (type: Column['type']) =>
  (name: string, fallback?: Json): Column =>
    fallback === undefined ? { name, type } : { name, type, fallback }
const text = column('text')
const flag = column('flag')
const nullable = column('nullable')

export const eventColumns: readonly Column[] = [
  ...[text('id'), text('orgc_id'), text('org_id'), text('date'), text('threat_level_id', '4'), text('info')],
  ...[flag('published', false), text('uuid'), text('attribute_count'), text('analysis', '0'), text('timestamp')],
  ...[text('distribution', '0'), flag('proposal_email_lock', false), flag('locked', false)],
  ...[text('publish_timestamp', '0'), text('sharing_group_id', '0'), flag('disable_correlation', false)],
  ...[text('extends_uuid', ''), nullable('protected', null)]
]

export const attributeColumns: readonly Column[] = [
  ...[text('id'), text('type'), text('category'), flag('to_ids'), text('uuid'), text('event_id')],
  ...[text('distribution', '5'), text('timestamp'), text('comment', ''), text('sharing_group_id', '0')],
  ...[flag('deleted', false), flag('disable_correlation', false), text('object_id')],
  ...[nullable('object_relation', null), nullable('first_seen', null), nullable('last_seen', null), text('value')]
]

export const objectColumns: readonly Column[] = [
  ...[text('id'), text('name'), text('meta-category', ''), text('description', ''), text('template_uuid')],
  ...[text('template_version', '1'), text('event_id'), text('uuid'), text('timestamp'), text('distribution', '5')],
  ...[text('sharing_group_id', '0'), text('comment', ''), flag('deleted', false)],
  ...[nullable('first_seen', null), nullable('last_seen', null)]
]

export const referenceColumns: readonly Column[] = [
  ...[text('id'), text('uuid'), text('timestamp'), text('object_id'), text('event_id'), text('source_uuid')],
  ...[text('referenced_uuid'), text('relationship_type', ''), text('comment', ''), flag('deleted', false)]
]

export const tagColumns: readonly Column[] = [
  ...[text('id'), text('name'), text('colour'), flag('exportable', true), flag('is_galaxy'), flag('local', false)]
]

/** As tag-attached-after-save gets it: AttributeTag::afterSave tells no locality. */
export const attachedTagColumns: readonly Column[] = [
  ...[text('id'), text('name'), text('colour'), flag('exportable', true), flag('is_galaxy'), text('event_id')]
]

export const organisationColumns: readonly Column[] = [text('id'), text('name'), text('uuid')]

export const proposalColumns: readonly Column[] = [
  ...[text('id'), text('old_id', '0'), text('event_id'), text('type'), text('category'), flag('to_ids'), text('uuid')],
  ...[text('org_id'), text('comment', ''), text('event_uuid'), flag('deleted', false), text('timestamp')],
  ...[flag('proposal_to_delete', false), nullable('first_seen', null), nullable('last_seen', null), text('value')]
]

export const reportColumns: readonly Column[] = [
  ...[text('id'), text('uuid'), text('event_id'), text('name', ''), text('content', ''), text('distribution', '5')],
  ...[text('sharing_group_id', '0'), text('timestamp'), flag('deleted', false)]
]

export const sightingColumns: readonly Column[] = [
  ...[text('id'), text('attribute_id'), text('event_id'), text('org_id'), text('date_sighting'), text('uuid')],
  ...[text('source', ''), text('type', '0')]
]

export const postColumns: readonly Column[] = [
  text('id'),
  text('thread_id'),
  text('contents', ''),
  text('user_id', '0')
]

export const analystColumns: readonly Column[] = [
  ...[text('id'), text('uuid'), text('object_type'), text('object_uuid'), text('distribution', '5')]
]

/** Columns for which an empty value is no value. */
const neverEmpty = new Set(
  'id uuid event_id attribute_id org_id orgc_id date timestamp category thread_id source_uuid date_sighting'.split(' ')
)

/** True for what a database would not hold there. */
export function isMissing(name: string, value: Json | undefined, type: Column['type'] = 'text'): boolean {
  if (value === undefined) return true
  if (value === null) return type !== 'nullable'
  return neverEmpty.has(name) && (value === '' || value === 0 || value === '0' || value === false)
}

/** Makes up what has no default, and counts it; undefined leaves the column out. */
type Make = (name: string) => Json | undefined

/** The row with all its columns, in MISP's order when there was something to add or to write otherwise. */
export function completed(noun: Noun, row: JsonMap, columns: readonly Column[], made: MadeUp, make: Make): JsonMap {
  let out: MutableMap | null = null
  for (const { name, type, fallback } of columns) {
    const given = row[name]
    if (isMissing(name, given, type)) {
      const value = make(name) ?? fallback
      if (value === undefined) continue
      if (value === fallback) made.fallback(noun, row, name)
      ;(out ??= {})[name] = value
      continue
    }
    const typed = asStored(type, given as Json)
    if (typed === given) continue
    made.retype()
    ;(out ??= {})[name] = typed
  }
  return out === null ? row : inOrder(row, columns, out)
}

function inOrder(row: JsonMap, columns: readonly Column[], changed: JsonMap): JsonMap {
  const out: MutableMap = {}
  for (const { name } of columns) {
    const value = Object.hasOwn(changed, name) ? changed[name] : row[name]
    if (value !== undefined) out[name] = value
  }
  for (const name in row) if (!Object.hasOwn(out, name)) put(out, name, row[name] as Json)
  return out
}

function asStored(type: Column['type'], value: Json): Json {
  if (type === 'flag') {
    if (value === 1 || value === '1') return true
    return value === 0 || value === '0' || value === '' ? false : value
  }
  return type === 'text' && typeof value === 'number' ? plainText(value) : value
}
