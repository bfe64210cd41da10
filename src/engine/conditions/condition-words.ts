// What of the data made a condition come out as it did, in words: the values with where they stand, the first few of them named.
import type { Json } from '../../contract/json.ts'
import {
  claiming,
  coded,
  counting,
  listed,
  say,
  some,
  termed,
  theirsCoded,
  timesOver,
  whole,
  wholePath
} from '../../contract/sentence.ts'
import type { Counted, Fact, Sentence } from '../../contract/sentence.ts'
import { formatCount } from '../../contract/words.ts'
import type { ValuePath } from '../../contract/values.ts'
import { previewOf } from '../format/preview.ts'
import { ownerOf } from '../format/thing.ts'
import { locateItems } from '../hash/locate.ts'
import type { Located } from '../hash/locate.ts'
import { inArray, looseEquals } from '../php/compare.ts'
import { phpString } from '../php/cast.ts'
import { count, dig, entries, isArray, isEmpty, values as valuesOf } from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import type { ConditionRules, Operator } from './conditions.ts'
import { nearMiss } from './near-miss.ts'

type Part = 'path' | 'operator' | 'value'

export interface ConditionQuestion {
  readonly data: Json
  readonly path: Json
  readonly operator: Json
  readonly value: Json
  /**
   * `if`: as generic-if reads (equals and not_equals by Hash::get); `item`: as filters read one item (equals and not_equals take the first
   * value found).
   */
  readonly reading: 'if' | 'item'
  readonly rules: ConditionRules
  /** Which setting a part of the condition was read from: `setting hash_path`, `filter path`; absent: MISP's own. */
  readonly from: { readonly [P in Part]?: { readonly kind: 'setting' | 'filter'; readonly name: string } }
  /** Where the item stands, for `item`. */
  readonly within?: ValuePath
  /** What is compared with: "value" (given), "tag" (chosen). */
  readonly noun?: 'value' | 'tag'
}

/** Of what was found this many are named. */
const named = 3

export class ConditionWords {
  readonly #path: string
  /** Where the values are that were found. */
  readonly #places: readonly Located[]
  readonly #counted: Counted & { readonly in: 'view' }

  constructor(
    readonly question: ConditionQuestion,
    readonly found: Json
  ) {
    const { data, path, within } = question
    this.#path = isArray(path) ? '' : phpString(path)
    this.#places = isArray(found) ? placesOf(data, this.#path, found) : []
    this.#counted = { in: 'view', path: this.#path, ...(within ? { within } : {}) }
  }

  #fact(part: Part, shown: string): Fact {
    const from = this.question.from[part]
    return from ? { ...from, value: shown } : { kind: 'term', value: shown }
  }

  /** A part of the condition, as code; of a list its first items. */
  #the(part: Part): Sentence {
    const value = this.question[part]
    if (part === 'path' && isEmpty(value)) return say`the data`
    if (!isArray(value))
      return coded(value, (shown) => this.#fact(part, shown), part === 'path' ? wholePath : undefined)
    const items = valuesOf(value)
    const shown = items.slice(0, named).map((item) => {
      const of = (text: string): Fact => ({ ...this.#fact(part, text), isItem: true }) as Fact
      return coded(item, of)
    })
    const name = this.question.from[part]?.name ?? ''
    return items.length === 0 ? say`an empty list` : some(shown, items.length, { in: 'settings', names: [name] })
  }

  get #number(): Sentence {
    return counting(this.#places.length, this.#counted, 'value')
  }

  /** "`tlp:red` on attribute `ip-dst 198.51.100.7`"; of what did not decide, only the value. */
  #at({ path, value }: Located, decided: boolean): Sentence {
    const { data, within = [] } = this.question
    const fact =
      (depth: number) =>
      (shown: string): Fact => ({
        ...{ kind: 'value', in: 'view', value: shown },
        path: [...within, ...path.slice(0, depth)]
      })
    const itself = isArray(value)
      ? claiming('a list', fact(path.length)(previewOf(value)))
      : coded(value, fact(path.length), whole)
    // A tag's name says which tag it is.
    const owner = ownerOf(data, path, 'tag')
    if (owner === null || !decided || this.question.reading === 'item') return itself
    if (owner.value === undefined) return say`${itself} on the event`
    const noun = owner.noun === 'flattened attribute' ? 'attribute' : owner.noun
    return say`${itself} on ${noun} ${coded(previewOf(owner.value), fact(owner.depth), whole)}`
  }

  /** Whether the sentence says no more of the place than its value, so that others with this very value would read the same. */
  #isBare({ path, value }: Located, decided: boolean): boolean {
    const { data, reading } = this.question
    return !isArray(value) && (!decided || reading === 'item' || ownerOf(data, path, 'tag') === null)
  }

  /** The first few; a value that is there again is named once, with how often. `inBrackets`: the sentence has put them in brackets. */
  #some(places: readonly Located[], of: Counted, decided = true, inBrackets = false): Sentence {
    const shown: { readonly place: Located; readonly isBare: boolean; times: number }[] = []
    let told = 0
    for (const place of places) {
      const isFull = shown.length === named
      if (isFull && !shown.some(({ isBare }) => isBare)) break
      const known = shown.find((one) => one.isBare && one.place.value === place.value)
      if (known) known.times += 1
      else if (isFull) continue
      else shown.push({ place, isBare: this.#isBare(place, decided), times: 1 })
      told += 1
    }
    const parts = shown.map(({ place, times }) => {
      const at = this.#at(place, decided)
      if (times === 1) return at
      const over = timesOver(times, { ...this.#counted, same: place.value })
      return inBrackets ? say`${at} ${over}` : say`${at} (${over})`
    })
    return some(parts, places.length, of, 'and', told)
  }

  /** In brackets: what was found, none of which decided. */
  get #others(): Sentence {
    return say`${this.#number} (${this.#some(this.#places, this.#counted, false, true)})`
  }

  /** A tag of the event that attributes have through it is the event's, once: not one of each of them. */
  #apart(hits: readonly Located[]): { readonly own: readonly Located[]; readonly ofEvent: readonly Located[] } {
    const ofEvent = new Map<Json, Located>()
    const own = hits.filter((hit) => {
      if (!this.#isInherited(hit)) return true
      if (!ofEvent.has(hit.value)) ofEvent.set(hit.value, hit)
      return false
    })
    return { own, ofEvent: [...ofEvent.values()] }
  }

  #isInherited({ path }: Located): boolean {
    if (this.question.reading === 'item' || path.at(-1) !== 'name' || !path.includes('_allTags')) return false
    return dig(this.question.data, ...path.slice(0, -1).map(String), 'inherited') === true
  }

  /** Where what was looked for is: a few places, those of the event last. */
  #hits(hits: readonly Located[], equal: readonly Json[]): Sentence {
    const { own, ofEvent } = this.#apart(hits)
    if (ofEvent.length === 0) return this.#some(hits, { ...this.#counted, equal })
    const shown = own.slice(0, named).map((place) => this.#at(place, true))
    const more = own.length - shown.length
    const rest = claiming(`${formatCount(more)} more`, {
      ...{ kind: 'count', n: hits.length, of: { ...this.#counted, equal }, less: hits.length - more }
    })
    const onEvent = ofEvent.slice(0, named).map((place) => say`${this.#at(place, false)} on the event`)
    return listed([...shown, ...(more > 0 ? [rest] : []), ...onEvent], 'and')
  }

  /** What nearly held, behind a condition that did not. */
  #near(wanted: readonly Json[], found: readonly Located[] = this.#places): Sentence | null {
    const { data, reading } = this.question
    // Of an item nobody sees what is around it.
    const path = reading === 'item' && found.length === 0 ? '' : this.#path
    return nearMiss(
      { data, path, wanted, found },
      {
        wanted: (one) => this.#wanted(one),
        at: (place) =>
          place.path.length > 0
            ? this.#at(place, true)
            : isArray(this.found)
              ? theirsCoded(place.value)
              : this.#single()
      }
    )
  }

  /** A value that was looked for. MISP puts a prefix before galaxy clusters, so they stand nowhere as they are compared. */
  #wanted(one: Json): Sentence {
    const { value, noun, from } = this.question
    if (noun === 'tag' && phpString(one).startsWith('misp-galaxy:')) return theirsCoded(one)
    const known = noun === 'tag' ? ({ kind: 'setting', name: 'tags' } as const) : from.value
    if (known === undefined) return theirsCoded(one)
    return coded(one, (shown) => ({ ...known, value: shown, ...(isArray(value) ? { isItem: true } : {}) }) as Fact)
  }

  any(): Sentence {
    const path = this.#the('path')
    if (isEmpty(this.found)) return say`${path} finds nothing${this.#near([])}`
    if (!isArray(this.found)) return say`${path} is ${this.#single()}`
    return say`${path} finds ${this.#number}: ${this.#some(this.#places, this.#counted)}`
  }

  /** One value that was found. */
  #single(): Sentence {
    const { within = [] } = this.question
    const path = this.#path === '' ? within : [...within, ...(placeOf(this.question.data, this.#path) ?? [])]
    return coded(this.found, (value) => ({ kind: 'value', in: 'view', path, value }), whole)
  }

  of(operator: Operator | null): Sentence {
    const the = this.#the('operator')
    if (operator === null) return say`MISP has no operator ${the} here, so the condition is never true`
    if (operator === 'equals' || operator === 'not_equals') return this.#one()
    const { found } = this
    const path = this.#the('path')
    if (!isArray(found)) return say`${termed(operator)} needs a list, and ${path} gives ${this.#single()}`
    if (operator === 'in' || operator === 'not_in') return this.#in(path)
    const { value } = this.question
    if (!isArray(value))
      return say`${termed(operator)} needs a list of values to compare with, but has ${this.#the('value')}`
    return this.#list(operator, path, value)
  }

  #in(path: Sentence): Sentence {
    const { value } = this.question
    if (isEmpty(this.found)) return say`${path} finds nothing${this.#near([value])}`
    const hits = this.#places.filter((place) => looseEquals(place.value, value))
    const isOnly = this.#places.length === 1
    if (hits.length === 0)
      return say`${path} finds ${this.#others}, ${isOnly ? 'which is not' : 'none of which is'} ${this.#the('value')}${this.#near([value])}`
    const where = this.#hits(hits, [value])
    const loosely = hits.every((hit) => hit.value !== value) && ' in PHP’s loose comparison'
    const among = isOnly ? say`is the value at` : say`is among the ${this.#number} at`
    return say`${this.#the('value')} ${among} ${path}${loosely}: ${where}`
  }

  #list(operator: Operator, path: Sentence, value: PhpArray): Sentence {
    const { noun = 'value', from, rules } = this.question
    const wanted = valuesOf(value)
    const of: Counted = { in: 'settings', names: noun === 'tag' ? ['tags', 'clusters'] : [from.value?.name ?? ''] }
    const given = noun === 'tag' ? 'chosen' : 'given'
    // What is one of them, in each number of them.
    const oneOf =
      wanted.length === 1 ? say`the ${noun} ${given}` : say`one of the ${counting(wanted.length, of, noun)} ${given}`
    const hits = this.#places.filter((place) => inArray(place.value, value))
    const rule =
      operator === 'in_and'
        ? say`; ${termed(operator)} requires exactly the whole list, in ${rules.inAndSorts ? 'any' : 'its'} order`
        : operator === 'not_in_and'
          ? say`; ${termed(operator)} is true unless they are exactly the list, in its order`
          : null
    if (this.#places.length === 0) return say`${path} finds nothing${rule}${this.#near(wanted)}`
    if (hits.length === 0)
      return say`${path} finds ${this.#others}, ${this.#places.length === 1 ? 'which is not' : 'none of which is'} ${oneOf}${rule}${this.#near(wanted)}`
    const { own, ofEvent } = this.#apart(hits)
    const loosely = hits.every((hit) => !wanted.includes(hit.value)) && ' in PHP’s loose comparison'
    const [first] = own
    const isOne = first !== undefined && this.#isBare(first, true) && own.every(({ value }) => value === first.value)
    const is = (isOne ? 1 : own.length) + ofEvent.length === 1 ? 'is' : 'are each'
    return say`${this.#hits(hits, wanted)} ${is} ${oneOf}${loosely}; ${path} finds ${this.#number}${rule}`
  }

  #one(): Sentence {
    const { found } = this
    const { value, reading } = this.question
    const [path, operator] = [this.#the('path'), this.#the('operator')]
    if (isArray(found)) {
      if (reading === 'if' && /[{[]/.test(this.#path))
        return say`${operator} reads a single value and does not evaluate the expression ${path}`
      return isEmpty(found)
        ? say`${path} finds nothing${this.#near([value])}`
        : say`${operator} compares a single value, and ${path} gives a list or map`
    }
    const equal = looseEquals(found, value)
    const how = equal ? (found === value ? 'equals' : 'equals in PHP’s loose comparison') : 'does not equal'
    if (found === null && this.#path === '')
      return say`no hash path is set, so null is compared, which ${how} ${this.#the('value')}`
    const near = !equal && this.#near([value], [{ path: [], value: found }])
    return say`${path} is ${this.#single()}, which ${how} ${this.#the('value')}${near}`
  }
}

/** Where the values are, in the order in which Hash answers them. */
function placesOf(data: Json, path: string, found: PhpArray): readonly Located[] {
  const places =
    path === ''
      ? entries(data).map(([key, value]) => ({ path: [Array.isArray(data) ? Number(key) : key], value }))
      : locateItems(data, path, Infinity)
  if (places.length === count(found)) return places
  // A plain path to a single value, which Hash::extract answers as a list of one.
  if (!/[{[]/.test(path) && count(found) === 1)
    return [{ path: placeOf(data, path) ?? [], value: valuesOf(found)[0] as Json }]
  // What Hash puts together anew stands nowhere by itself.
  return valuesOf(found as Json).map((value) => ({ path: [], value }))
}

/** Where Hash::get finds the value: keys one by one; of what `{n}` finds the first. */
function placeOf(data: Json, path: string): ValuePath | null {
  if (/[{[]/.test(path)) return locateItems(data, path, 1)[0]?.path ?? null
  return path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))
}
