// The structural difference of two snapshots. Shared parts are equal by identity and never walked, so the cost is that of what
// changed. Lists of MISP's things are aligned by uuid, id or name: a removed first attribute is one difference, not a thousand.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValueChange, ValueChanges, ValuePath } from '../../contract/values.ts'
import { previewOf, summaryOf } from './values.ts'

export function changesBetween(before: Json | undefined, after: Json | undefined, limit: number): ValueChanges {
  const changes: ValueChange[] = []
  let total = 0
  const add = (
    op: ValueChange['op'],
    path: ValuePath,
    label: string,
    a: Json | undefined,
    b: Json | undefined
  ): void => {
    if (++total > limit) return
    changes.push({
      op,
      path,
      label,
      before: op === 'added' ? null : summaryOf(a),
      after: op === 'removed' ? null : summaryOf(b)
    })
  }
  const compare = (a: Json | undefined, b: Json | undefined, path: ValuePath, label: string): void => {
    if (a === b) return
    if (!isContainer(a) || !isContainer(b)) return add('changed', path, label, a, b)
    const pairs = align(a, b)
    if (pairs) for (const [key, x, y] of pairs) visit(x, y, [...path, key], joined(label, key, y ?? x))
    else
      for (const key of unionKeys(a, b))
        visit(own(a, key), own(b, key), [...path, key], joined(label, key, own(b, key) ?? own(a, key)))
  }
  const visit = (x: Json | undefined, y: Json | undefined, path: ValuePath, label: string): void => {
    if (x === undefined) add('added', path, label, x, y)
    else if (y === undefined) add('removed', path, label, x, y)
    else compare(x, y, path, label)
  }
  compare(before, after, [], '')
  return { changes, total }
}

const isContainer = (value: Json | undefined): value is Json & object => value !== null && typeof value === 'object'
const own = (value: Json & object, key: string | number): Json | undefined =>
  Object.hasOwn(value, key) ? (value as Record<string | number, Json>)[key] : undefined

function unionKeys(a: Json & object, b: Json & object): readonly (string | number)[] {
  const lists = Array.isArray(a) && Array.isArray(b)
  const keys = new Set<string>(Object.keys(a))
  for (const key of Object.keys(b)) keys.add(key)
  return lists ? [...keys].map(Number) : [...keys]
}

/** Items of two lists (or lists with holes) by what names them; null when they have no names that tell them apart. */
function align(
  a: Json & object,
  b: Json & object
): readonly (readonly [string | number, Json | undefined, Json | undefined])[] | null {
  if (!isListLike(a) || !isListLike(b)) return null
  const left = byIdentity(a)
  const right = byIdentity(b)
  if (!left || !right) return null
  const pairs: (readonly [string | number, Json | undefined, Json | undefined])[] = []
  for (const [id, [key, value]] of left) {
    const other = right.get(id)
    if (!other) pairs.push([key, value, undefined])
    else if (other[1] !== value) pairs.push([other[0], value, other[1]])
  }
  for (const [id, [key, value]] of right) if (!left.has(id)) pairs.push([key, undefined, value])
  return pairs
}

const isListLike = (value: object): boolean =>
  Array.isArray(value) || Object.keys(value).every((key) => /^\d+$/.test(key))

function byIdentity(list: object): Map<string, readonly [string | number, Json]> | null {
  const found = new Map<string, readonly [string | number, Json]>()
  const entries: Iterable<readonly [string | number, Json]> = Array.isArray(list)
    ? (list as Json[]).entries()
    : Object.entries(list as JsonMap)
  for (const [key, item] of entries) {
    const id = identityOf(item)
    if (id === null || found.has(id)) return null
    found.set(id, [key, item])
  }
  return found
}

function identityOf(item: Json): string | null {
  if (!isContainer(item) || Array.isArray(item)) return null
  for (const key of ['uuid', 'id', 'name', 'tag_id']) {
    const value = own(item, key)
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return `${key}:${value}`
  }
  return null
}

/** A list's item is named by what it is; everything else by its key. */
function joined(label: string, key: string | number, value: Json | undefined): string {
  const isItem = typeof key === 'number' || /^\d+$/.test(key)
  const name = isItem
    ? ` ${isContainer(value) ? previewOf(value) : key}`
    : `${label === '' ? '' : label.includes(' ') ? ' · ' : '.'}${key}`
  return `${label}${name}`.slice(0, 300)
}
