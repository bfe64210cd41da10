// Files often hold several things: what MISP's lists and searches answer. One of them is taken; which one, people say.
import type { Json } from '../../../contract/json.ts'
import { pickOne, severalError, type Pick } from '../../format/pick.ts'
import { isList, isMap } from '../../php/values.ts'
import { kindOf, type Kind } from './kinds.ts'

/** A list, `{"response": [...]}`, or the rows of one model; null for what is one thing. */
function entriesOf(value: Json): readonly Json[] | null {
  if (isList(value)) return value
  if (!isMap(value)) return null
  const { response } = value
  if (isList(response)) return response
  if (isMap(response)) return entriesOf(response) ?? [response]
  if (isList(value.Event)) return value.Event
  if ('Event' in value || kindOf(value) !== null) return null
  const lists = listed.filter((name) => isList(value[name]))
  return lists.length === 1 ? (value[lists[0] as string] as readonly Json[]) : null
}

/** Models whose rows stand in a list of their own in some answers. */
const listed = ['Attribute', 'Object', 'Sighting', 'ShadowAttribute', 'EventReport']

interface Picking {
  readonly pick: Pick | undefined
  /** The input's name in messages. */
  readonly name: string
  /** What is taken when several are there; others are no choice. Absent: anything. */
  readonly kinds?: readonly Kind[] | null
}

/**
 * One of the entries; the value itself where it is no list, or where nothing in it could be chosen.
 * @throws CodedError INPUT_SEVERAL when several are there and nobody said which, or there is no such one
 */
export function pickEntry(value: Json, { pick, name, kinds = null }: Picking): Json {
  const list = entriesOf(value)
  if (list === null) return value
  if (pick !== undefined) return pickOne(list, pick, name)
  if (list.length === 1) return list[0] as Json
  const isChoice = kinds === null ? list.length > 1 : list.some((entry) => kinds.includes(kindOf(entry)?.kind as Kind))
  if (isChoice) throw severalError(list, name, how)
  return value
}

const how = 'by its place (from 0), UUID or id (--index)'
