// Differences in the words of an analyst: `to_ids: true to false on 3 attributes`, `tag tlp:red added to the event`. The same change of several
// things is one sentence.
import type { Json } from '../../../contract/json.ts'
import { claiming, counting, say, shownValue } from '../../../contract/sentence.ts'
import type { Counted, Fact, Sentence } from '../../../contract/sentence.ts'
import type { ChangeSentence, ValuePath } from '../../../contract/values.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { isIndex, nounOf, ownerOf, pluralOf } from '../../../engine/format/thing.ts'
import type { Noun, Thing } from '../../../engine/format/thing.ts'
import type { Difference } from '../../../engine/replay/diff.ts'

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

type Side = 'input' | 'output'
const sideOf = (op: Difference['op']): Side => (op === 'removed' ? 'input' : 'output')

/** What stands at a place, in plain words. */
const named = (text: string, side: Side, path: ValuePath): Sentence =>
  claiming(clip(text), { kind: 'value', in: side, path, value: clip(text) })

function valueText(value: Json | undefined, side: Side, path: ValuePath): Sentence {
  const isList = typeof value === 'object' && value !== null
  if (!isList && value !== '') return named(shownValue(value ?? null), side, path)
  const words = value === '' ? 'empty' : Object.keys(value ?? {}).length === 0 ? 'an empty list' : null
  const fact: Fact = { kind: 'value', in: side, path, value: '' }
  return words === null ? named(previewOf(value), side, path) : claiming(words, fact)
}

/** How many things there are; `atLeast`: not all changes were looked at. */
interface Amount {
  readonly count: number
  readonly atLeast: boolean
}

function counted({ count, atLeast }: Amount, noun: Noun, isItem: boolean): Sentence {
  const of: Counted = { in: 'changes', thing: noun, isItem, ...(atLeast ? { atLeast } : {}) }
  return say`${atLeast && 'at least '}${counting(count, of, noun, pluralOf(noun))}`
}

/** Enough of a value to tell whether two sentences are the same. */
const brief = (value: Json | undefined): string =>
  typeof value === 'object' && value !== null ? clip(previewOf(value)) : clip(String(value))

const link = { added: 'added to', removed: 'removed from', changed: 'on' } as const

interface Told {
  /** Differences with the same one are told together. */
  readonly key: string
  /** What is counted: the owner of a field or tag, or the item itself. */
  readonly thing: string
  readonly write: (amount: Amount) => Sentence
}

/** One difference and where it is. */
class Change {
  readonly #side: Side
  readonly #owner: Thing | null
  readonly #rest: ValuePath
  readonly #last: string | number | undefined

  constructor(
    root: Json | undefined,
    readonly one: Difference
  ) {
    this.#side = sideOf(one.op)
    this.#owner = ownerOf(root, one.path)
    this.#rest = one.path.slice(this.#depth)
    this.#last = this.#rest.at(-1)
  }

  get #depth(): number {
    return this.#owner?.depth ?? 0
  }

  get #place(): string {
    return JSON.stringify(this.one.path.slice(0, this.#depth))
  }

  #ownerText(amount: Amount): Sentence {
    const owner = this.#owner
    if (owner === null) return say`the roaming data`
    if (amount.count > 1) return counted(amount, owner.noun, false)
    const noun = plain(owner.noun)
    if (owner.value === undefined) return say`the ${noun}`
    return say`${noun} ${named(previewOf(owner.value), this.#side, this.one.path.slice(0, owner.depth))}`
  }

  tell(): Told {
    const { op } = this.one
    const noun = this.#last !== undefined && isIndex(this.#last) ? nounOf(this.#rest.at(-2)) : undefined
    if (op !== 'changed' && noun !== undefined) return noun === 'tag' ? this.#tag(op) : this.#item(op, noun)
    return this.#field()
  }

  get #value(): Json | undefined {
    const { op, before, after } = this.one
    return op === 'removed' ? before : after
  }

  #tag(op: 'added' | 'removed'): Told {
    // MISP keeps every tag a second time for its filters.
    const isInherited = this.#rest.at(-2) === '_allTags'
    const name = (): Sentence => named(previewOf(this.#value), this.#side, this.one.path)
    return {
      key: `${op} ${this.#owner?.noun ?? ''} ${isInherited ? '_allTags' : ''} tag ${brief(this.#value)}`,
      thing: this.#place,
      write: (amount) => say`tag ${name()} ${link[op]} ${isInherited && '_allTags of '}${this.#ownerText(amount)}`
    }
  }

  #item(op: 'added' | 'removed', noun: Noun): Told {
    const { path } = this.one
    return {
      key: `${op} ${this.#place} ${noun}`,
      thing: JSON.stringify(path),
      write: (amount) => {
        const one = (): Sentence => say`${plain(noun)} ${named(previewOf(this.#value), this.#side, path)}`
        const what = amount.count > 1 ? counted(amount, noun, true) : one()
        return say`${what} ${link[op]} ${this.#ownerText({ count: 1, atLeast: false })}`
      }
    }
  }

  #field(): Told {
    const { op, before, after } = this.one
    const isItem = this.#last !== undefined && isIndex(this.#last)
    const field = (isItem ? this.#rest.slice(0, -1) : this.#rest).join('.')
    return {
      key: `${op} ${this.#owner?.noun ?? ''} ${field} ${brief(before)} ${brief(after)}`,
      thing: this.#place,
      write: (amount) => {
        const on = op === 'changed' && this.#owner === null ? 'in' : link[op]
        return say`${this.#change(field, isItem)} ${on} ${this.#ownerText(amount)}`
      }
    }
  }

  #change(field: string, isItem: boolean): Sentence {
    const { op, path, before, after } = this.one
    const its = claiming(field, { kind: 'term', value: field })
    if (op !== 'changed') {
      const value = valueText(this.#value, this.#side, path)
      if (!isItem) return say`${its} (${value})`
      return say`${value} in ${field === '' ? 'the list' : its}`
    }
    const values = say`${valueText(before, 'input', path)} → ${valueText(after, 'output', path)}`
    return this.#rest.length === 0 ? values : say`${its}: ${values}`
  }
}

/** A noun of a small, known set of words: it says nothing of the data by itself. */
const plain = (noun: Noun): Sentence => ({ text: noun, verdict: 'depends', claims: [] })

interface Group {
  readonly op: Difference['op']
  readonly of: number[]
  readonly things: Set<string>
  readonly told: Told
}

/** One sentence for each kind of change, in the order of the changes. `atLeast`: there are more than these. */
export function changeWords(
  before: Json | undefined,
  after: Json | undefined,
  differences: readonly Difference[],
  atLeast = false
): ChangeSentence[] {
  const groups = new Map<string, Group>()
  differences.forEach((difference, i) => {
    const told = new Change(difference.op === 'removed' ? before : after, difference).tell()
    const group = groups.get(told.key) ?? { op: difference.op, of: [], things: new Set<string>(), told }
    group.of.push(i)
    group.things.add(told.thing)
    groups.set(told.key, group)
  })
  return [...groups.values()].map(({ op, of, things, told }) => ({
    ...{ op, of },
    ...told.write({ count: things.size, atLeast })
  }))
}
