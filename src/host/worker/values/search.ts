// Finds a text, a key or the places of a hash path in a value, of any size, letting others in meanwhile.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { SearchKind, ValueMatch, ValueMatches } from '../../../contract/values.ts'
import { locateSteps } from '../../../engine/hash/locate.ts'
import { noHalt } from '../thread/halt.ts'
import { previewOf } from '../../../engine/format/preview.ts'

interface Question {
  readonly query: string
  readonly in: SearchKind
  readonly cursor: string | null
  readonly limit: number
}

export async function searchAny(root: Json | undefined, question: Question, halt = noHalt): Promise<ValueMatches> {
  if (question.in === 'path') return searchPath(root ?? null, question)
  const search = searchValue(root, question)
  for (;;) {
    const next = search.next()
    if (next.done) return next.value
    await halt.breathe()
  }
}

/** What Hash::extract finds, with its places. */
function searchPath(root: Json, { query, limit }: Question): ValueMatches {
  const found = locateSteps(root, query.trim(), limit).at(-1) ?? []
  return {
    matches: found.map(({ path, value }) => ({ path, in: 'path', preview: previewOf(value) })),
    cursor: null
  }
}

/**
 * Searches keys or texts, depth first. Yields after every 20,000 values so that the caller can let others in; returns the matches and
 * where to go on: the path after which the next call starts.
 */
function* searchValue(
  root: Json | undefined,
  { query, in: where, cursor, limit }: Question
): Generator<void, ValueMatches, void> {
  const wanted = query.toLowerCase()
  const matches: ValueMatch[] = []
  const skip = cursor === null ? 0 : Number(cursor)
  let seen = 0
  const path: (string | number)[] = []
  const stack: Iterator<readonly [string | number, Json]>[] = []
  if (root !== undefined && root !== null && typeof root === 'object') stack.push(entryIterator(root))
  while (stack.length > 0) {
    const next = (stack.at(-1) as Iterator<readonly [string | number, Json]>).next()
    if (next.done) {
      stack.pop()
      path.pop()
      continue
    }
    const [key, value] = next.value
    seen++
    if (seen % 20_000 === 0) yield
    if (seen > skip) {
      const found = matchIn(key, value, wanted, where)
      if (found) matches.push({ path: [...path, key], in: found, preview: previewOf(value) })
      if (matches.length >= limit) return { matches, cursor: String(seen) }
    }
    if (value !== null && typeof value === 'object') {
      path.push(key)
      stack.push(entryIterator(value))
    }
  }
  return { matches, cursor: null }
}

function matchIn(key: string | number, value: Json, wanted: string, where: SearchKind): 'key' | 'value' | null {
  if (where === 'key') return typeof key === 'string' && key.toLowerCase().includes(wanted) ? 'key' : null
  if (typeof value === 'string') return value.toLowerCase().includes(wanted) ? 'value' : null
  return value === null || typeof value === 'object' ? null : String(value).includes(wanted) ? 'value' : null
}

function* entryIterator(value: Json & object): Generator<readonly [string | number, Json], void, void> {
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) yield [i, (value as readonly Json[])[i] as Json]
  else for (const key of Object.keys(value)) yield [key, (value as JsonMap)[key] as Json]
}
