// What a person calls the thing that a value belongs to: attribute 7 (ip-dst 198.51.100.7), the event.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import { previewOf } from '../format/preview.ts'
import { valueAt } from '../format/values.ts'

const lists: { readonly [key: string]: string } = {
  Attribute: 'attribute',
  _AttributeFlattened: 'attribute',
  Object: 'object',
  EventReport: 'event report',
  ShadowAttribute: 'proposal',
  Sighting: 'sighting'
}
const tagLists: readonly string[] = ['Tag', '_allTags', 'EventTag', 'AttributeTag']
const mostText = 60

interface Owner {
  readonly label: string
  readonly path: ValuePath
  /** It is no item of a list. */
  readonly isTop: boolean
}

export const isTagName = (path: ValuePath): boolean =>
  path.at(-1) === 'name' && path.slice(-4, -1).some((key) => tagLists.includes(String(key)))

/** The innermost thing of MISP that a place is in. Positions are those of hash paths and of the tree of data, from 0. */
export function ownerOf(root: Json, path: ValuePath): Owner {
  for (let i = path.length - 1; i > 0; i--) {
    const list = lists[String(path[i - 1])]
    if (list === undefined || !/^\d+$/.test(String(path[i]))) continue
    const owner = path.slice(0, i + 1)
    const name = previewOf(valueAt(root, owner))
    const text = name.length > mostText ? `${name.slice(0, mostText - 1)}…` : name
    return { label: `${list} ${path[i]} (${text})`, path: owner, isTop: false }
  }
  return { label: path[0] === 'Event' ? 'the event' : 'the data', path: path.slice(0, 1), isTop: true }
}

/** Where the event itself has a tag. */
export function eventTag(root: Json, name: Json): ValuePath | null {
  const tags = valueAt(root, ['Event', 'Tag'])
  if (!Array.isArray(tags)) return null
  const at = (tags as readonly JsonMap[]).findIndex((tag) => tag['name'] === name)
  return at < 0 ? null : ['Event', 'Tag', at, 'name']
}
