// Differences in the words of an analyst: `to_ids: true to false on 3 attributes`, `tag tlp:red added to the event`. The same change of several
// things is one sentence.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ChangeSentence, ValuePath } from '../../contract/values.ts'
import type { Difference } from '../../engine/replay/diff.ts'
import { previewOf } from '../../engine/format/preview.ts'

/** What MISP calls an item of the list with this key. */
const nouns: Readonly<Record<string, string>> = {
  Attribute: 'attribute',
  _AttributeFlattened: 'flattened attribute',
  ShadowAttribute: 'proposal',
  Object: 'object',
  ObjectReference: 'object reference',
  Tag: 'tag',
  EventTag: 'tag',
  AttributeTag: 'tag',
  _allTags: 'tag',
  Galaxy: 'galaxy',
  GalaxyCluster: 'galaxy cluster',
  EventReport: 'event report',
  Sighting: 'sighting',
  RelatedEvent: 'related event',
  Event: 'event',
  Warninglist: 'warninglist',
  warnings: 'warning'
}
const isIndex = (key: string | number): boolean => typeof key === 'number' || /^\d+$/.test(key)
const plural = (noun: string): string => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`)
const nounOf = (key: string | number | undefined): string | undefined =>
  typeof key === 'string' && Object.hasOwn(nouns, key) ? nouns[key] : undefined

interface Thing {
  readonly noun: string
  readonly name: string
  /** How many keys of the path lead to it. */
  readonly depth: number
}

/** The innermost of MISP's things that a path leads into, the last key left out. */
function ownerOf(root: Json | undefined, path: ValuePath): Thing | null {
  let value = root
  let owner: Thing | null = null
  for (let i = 0; i < path.length - 1; i++) {
    const key = path[i] as string | number
    value = step(value, key)
    const inList = isIndex(key) ? nounOf(path[i - 1]) : undefined
    const alone = key === 'Event' && value !== null && typeof value === 'object' && !Array.isArray(value)
    if (inList) owner = { noun: inList, name: previewOf(value), depth: i + 1 }
    else if (alone) owner = { noun: 'event', name: '', depth: i + 1 }
  }
  return owner
}

const step = (value: Json | undefined, key: string | number): Json | undefined =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as JsonMap)[key as string]
    : undefined

function valueText(value: Json | undefined): string {
  if (value === '') return 'empty'
  if (typeof value !== 'object' || value === null) return clip(String(value))
  const count = Object.keys(value).length
  return count === 0 ? 'an empty list' : clip(previewOf(value))
}
const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

const ownerText = (owner: Thing | null, count: number): string =>
  owner === null
    ? 'the roaming data'
    : count > 1
      ? `${count} ${plural(owner.noun)}`
      : owner.name === ''
        ? `the ${owner.noun}`
        : `${owner.noun} ${clip(owner.name)}`

const link = { added: 'added to', removed: 'removed from', changed: 'on' } as const

interface Told {
  /** Differences with the same one are told together. */
  readonly key: string
  /** What is counted: the owner of a field or tag, or the item itself. */
  readonly thing: string
  readonly write: (count: number) => string
}

function tell(root: Json | undefined, { op, path, before, after }: Difference): Told {
  const owner = ownerOf(root, path)
  const place = JSON.stringify(path.slice(0, owner?.depth ?? 0))
  const rest = path.slice(owner?.depth ?? 0)
  const last = rest.at(-1)
  const list = rest.slice(0, -1).join('.')
  const noun = last !== undefined && isIndex(last) ? nounOf(rest.at(-2)) : undefined
  const value = op === 'removed' ? before : after
  const kind = owner?.noun ?? ''
  if (op !== 'changed' && noun !== undefined) {
    // MISP keeps every tag a second time for its filters.
    const into = rest.at(-2) === '_allTags' ? '_allTags of ' : ''
    if (noun === 'tag') {
      const name = clip(previewOf(value))
      return {
        key: `${op} ${kind} ${into} tag ${name}`,
        thing: place,
        write: (count) => `tag ${name} ${link[op]} ${into}${ownerText(owner, count)}`
      }
    }
    const named = clip(previewOf(value))
    return {
      key: `${op} ${place} ${noun}`,
      thing: JSON.stringify(path),
      write: (count) =>
        `${count > 1 ? `${count} ${plural(noun)}` : `${noun} ${named}`} ${link[op]} ${ownerText(owner, 1)}`
    }
  }
  const isItem = last !== undefined && isIndex(last)
  const field = isItem ? list : rest.join('.')
  const where = (count: number): string =>
    op === 'changed' ? `${owner ? 'on' : 'in'} ${ownerText(owner, count)}` : `${link[op]} ${ownerText(owner, count)}`
  if (rest.length === 0) {
    const text = `${valueText(before)} to ${valueText(after)}`
    return { key: text, thing: place, write: (count) => `${text} ${where(count)}` }
  }
  const change =
    op === 'changed'
      ? `${field}: ${valueText(before)} to ${valueText(after)}`
      : isItem
        ? `${valueText(value)} in ${field || 'the list'}`
        : `${field} (${valueText(value)})`
  return { key: `${op} ${kind} ${change}`, thing: place, write: (count) => `${change} ${where(count)}` }
}

interface Group {
  readonly op: Difference['op']
  readonly of: number[]
  readonly things: Set<string>
  readonly told: Told
}

/** One sentence for each kind of change, in the order of the changes. */
export function changeWords(
  before: Json | undefined,
  after: Json | undefined,
  differences: readonly Difference[]
): ChangeSentence[] {
  const groups = new Map<string, Group>()
  differences.forEach((difference, i) => {
    const told = tell(difference.op === 'removed' ? before : after, difference)
    const group = groups.get(told.key) ?? { op: difference.op, of: [], things: new Set<string>(), told }
    group.of.push(i)
    group.things.add(told.thing)
    groups.set(told.key, group)
  })
  return [...groups.values()].map(({ op, of, things, told }) => ({ op, of, text: told.write(things.size) }))
}
