// A value as if it had nothing but the places that were found, what leads to them, and what is below them. The host is asked for the real
// entries; only the ones that lead to a match are passed on.
import { append } from '../../../contract/lists.ts'
import type { ValueEntry, ValuePath } from '../../../contract/values.ts'
import { pathId } from './tree-branches.ts'
import type { LoadPage } from './tree-branches.ts'

const pageSize = 100

/** Of each branch on the way to one of the places: the keys that go on. Outer branches come first. */
export function leadingTo(paths: readonly ValuePath[]): ReadonlyMap<string, ReadonlySet<string | number>> {
  const keys = new Map<string, Set<string | number>>()
  for (const path of paths)
    path.forEach((key, depth) => {
      const id = pathId(path.slice(0, depth))
      keys.set(id, (keys.get(id) ?? new Set()).add(key))
    })
  // A match inside another match: all of the outer one is shown.
  for (const path of paths) keys.delete(pathId(path))
  return keys
}

export function onlyMatches(load: LoadPage, keysOf: ReturnType<typeof leadingTo>): LoadPage {
  return async (path, offset, limit) => {
    const keys = keysOf.get(pathId(path))
    if (!keys) return load(path, offset, limit)
    const pages = new Set([...keys].map((key) => (typeof key === 'number' ? key - (key % pageSize) : 0)))
    const answers = await Promise.all([...pages].sort((a, b) => a - b).map((from) => load(path, from, pageSize)))
    const entries: ValueEntry[] = []
    for (const answer of answers) {
      if (!answer.ok) return answer
      append(
        entries,
        answer.data.entries.filter(({ key }) => keys.has(key))
      )
    }
    const [first] = answers
    if (!first?.ok) return load(path, offset, limit)
    // As a map: positions in the list are keys now, since there are gaps between them.
    return { ok: true, data: { ...first.data, type: 'object', count: entries.length, offset: 0, entries } }
  }
}
