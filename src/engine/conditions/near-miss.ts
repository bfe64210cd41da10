// What a condition nearly found: told behind one that did not hold, as nobody sees a capital letter or the other list by themselves.
import type { Json } from '../../contract/json.ts'
import { say, theirsCoded } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import { compilePath } from '../hash/path.ts'
import { locateItems } from '../hash/locate.ts'
import type { Located } from '../hash/locate.ts'
import { inArray } from '../php/compare.ts'
import { isArray, values } from '../php/values.ts'

export interface Missed {
  readonly data: Json
  readonly path: string
  /** What was looked for. */
  readonly wanted: readonly Json[]
  /** What was found, none of it wanted. */
  readonly found: readonly Located[]
}

export interface MissWords {
  /** A value that was looked for, as code. */
  readonly wanted: (value: Json) => Sentence
  /** A value of the data, as code, with the thing that it is on. */
  readonly at: (place: Located) => Sentence
}

/** Places that are looked at beyond those that the condition read. */
const mostPlaces = 100_000

/** Begins with "; "; null where nothing is near. */
export function nearMiss(missed: Missed, words: MissWords): Sentence | null {
  return (
    bySpelling(missed, words) ??
    byWildcard(missed, words) ??
    elsewhere(missed, words) ??
    (missed.found.length === 0 ? byKey(missed) : null)
  )
}

const plain = (value: Json): string | null => (typeof value === 'string' ? value.trim().toLowerCase() : null)

function bySpelling({ wanted, found }: Missed, words: MissWords): Sentence | null {
  const spelled = new Map(wanted.flatMap((value) => (plain(value) ? [[plain(value), value] as const] : [])))
  const place = found.find(({ value }) => spelled.has(plain(value)))
  const meant = place && spelled.get(plain(place.value))
  if (place === undefined || meant === undefined) return null
  const isCase = String(place.value).trim() !== String(meant).trim()
  return say`; ${words.at(place)} differs from ${words.wanted(meant)} only in ${isCase ? 'case, and MISP compares with case' : 'spaces'}`
}

const isPattern = (value: Json): value is string =>
  typeof value === 'string' && /[%*]/.test(value) && /[^%*]/.test(value)

/** Parts of a pattern in their order in a text: what whoever wrote `tlp:%` had in mind. */
function wouldMatch(pattern: string, value: Json): boolean {
  if (typeof value !== 'string') return false
  const parts = pattern.toLowerCase().split(/[%*]+/)
  const text = value.toLowerCase()
  if (!text.startsWith(parts[0] ?? '') || !text.endsWith(parts.at(-1) ?? '')) return false
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return true
}

function byWildcard({ wanted, found }: Missed, words: MissWords): Sentence | null {
  for (const value of wanted.filter(isPattern)) {
    const place = found.find((one) => wouldMatch(value, one.value))
    if (place)
      return say`; ${words.wanted(value)} is compared letter by letter with ${words.at(place)}: conditions know no wildcards`
  }
  return null
}

/** Where the same value stands in MISP's data, too: on the event, on an attribute, on an attribute of an object. */
const elsewhereOf: readonly (readonly [from: RegExp, to: readonly string[]])[] = [
  [/^Event\.Tag\.\{n\}\./, ['Event._AttributeFlattened.{n}.Tag.{n}.']],
  [
    /^Event\.(?:_AttributeFlattened|Attribute)\.\{n\}\.(?:Tag|_allTags)\.\{n\}\./,
    ['Event.Tag.{n}.', 'Event._AttributeFlattened.{n}.Tag.{n}.']
  ],
  [/^Event\.Attribute\.\{n\}\./, ['Event.Object.{n}.Attribute.{n}.']],
  [/^Event\.Object\.\{n\}\.Attribute\.\{n\}\./, ['Event.Attribute.{n}.']]
]

function elsewhere({ data, path, wanted }: Missed, words: MissWords): Sentence | null {
  const list = [...wanted]
  for (const [from, others] of elsewhereOf) {
    if (!from.test(path)) continue
    for (const other of others.map((to) => path.replace(from, to)).filter((one) => one !== path)) {
      const place = locateItems(data, other, mostPlaces).find(({ value }) => inArray(value, list))
      if (place) return say`; there is ${words.at(place)}, which this path does not read`
    }
  }
  return null
}

/** The first key of the path that the data has in other letters. */
function byKey({ data, path }: Missed): Sentence | null {
  if (path === '') return null
  let value: Json = data
  for (const { text } of compilePath(path).tokens) {
    if (!isArray(value)) return null
    if (/[{[]/.test(text)) {
      value = values(value)[0] ?? null
      continue
    }
    const key: string = text
    if (Object.hasOwn(value, key)) {
      value = (value as { readonly [name: string]: Json })[key] ?? null
      continue
    }
    const near = Object.keys(value).find((one) => one.toLowerCase() === key.toLowerCase())
    return near === undefined
      ? null
      : say`; ${theirsCoded(key)} of the path differs only in case from ${theirsCoded(near)} of the data`
  }
  return null
}
