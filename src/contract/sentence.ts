// What Retrace says of a run, a workflow or a module: a text and, beside it, what the text claims, piece by piece. A test holds the claims
// against the data, views can lead from a piece to its place, and nothing has to read the words again. Sentences are written with `say`,
// which takes no text but constants and pieces that name what they claim.
import type { Json } from './json.ts'
import { maskUrls } from './url-secrets.ts'
import { formatCount, plural, wordFor } from './words.ts'

/** What a sentence comes to, said by the code that knows it. `depends`: on the data. */
export type Verdict =
  | 'true'
  | 'false'
  | 'success'
  | 'failure'
  | 'never'
  | 'always'
  | 'keeps nothing'
  | 'aborts'
  | 'does nothing'
  | 'depends'
  | 'unknown'

/** Keys from the root of the data, as ValuePath in values.ts. */
type Keys = readonly (string | number)[]

/** Data of a step: as it came, as it left, as the module read it through the filters before it. */
type ClaimPlace = 'input' | 'output' | 'view'

/** What is counted. */
export type Counted =
  /** Values that a hash path finds. */
  | {
      readonly in: ClaimPlace
      readonly path: string
      /** Read in the item that stands here. */
      readonly within?: Keys
      /** What stands there through the filters that are on in the data. */
      readonly filtered?: true
      /** Null is no value. */
      readonly only?: 'not null'
      /** Only those that are loosely equal to one of these. */
      readonly equal?: readonly Json[]
      /** Only this very value: a text, a number, true, false or null. */
      readonly same?: Json
      /** Only those that pass this filter of MISP, item by item. */
      readonly pass?: { readonly path: Json; readonly operator: Json; readonly value: Json }
    }
  /** Items of parameters, together. */
  | { readonly in: 'settings'; readonly names: readonly string[]; readonly only?: 'not blank' }
  /** The things of this kind (`attribute`) that the sentence's changes are in, or that they are (`isItem`), each once. */
  | { readonly in: 'changes'; readonly thing: string; readonly isItem: boolean; readonly atLeast?: true }
  /** What a step sent or asked, of one kind; rows that it changed in a table. */
  | { readonly in: 'effects'; readonly kind: string }
  | { readonly in: 'rows'; readonly table: string }
  /** Nodes that the problem names; modules that the check names. */
  | { readonly in: 'problem' | 'modules' }
  /** Checks in this state. */
  | { readonly in: 'checks'; readonly state: string }

export type Fact =
  /** A parameter of the node, an item of one (`isItem`), or a field of the node's own filter; `value` as it is shown. */
  | { readonly kind: 'setting'; readonly name: string; readonly value: string; readonly isItem?: true }
  | { readonly kind: 'filter'; readonly name: string; readonly value: string; readonly isItem?: true }
  /** A filter that was on for the node, by its label. */
  | { readonly kind: 'label'; readonly label: string }
  /** What stands at a place in the step's data. */
  | { readonly kind: 'value'; readonly in: ClaimPlace; readonly path: Keys; readonly value: string }
  /** What a module works out of the values at a path: their sum, their median… */
  | { readonly kind: 'result'; readonly of: string; readonly path: string; readonly value: string }
  /** `less`: those that were named before ("and 3 more" of 8 with 5 named). */
  /** The text of a parameter is no JSON; `at`: from which character on, from 0 as JSON.parse counts. */
  | { readonly kind: 'json'; readonly name: string; readonly at: number }
  | { readonly kind: 'count'; readonly n: number; readonly of: Counted; readonly less?: number }
  | { readonly kind: 'node'; readonly id: string | number; readonly moduleId?: string }
  /** A module that the workflow uses. */
  | { readonly kind: 'module'; readonly id: string }
  /** Of one of two runs that are compared: how it ended, what a step came to, or what decided it in the words of its own cause. */
  | {
      readonly kind: 'ran'
      readonly run: 'a' | 'b'
      readonly of: 'outcome' | 'result' | 'decision' | 'profile' | 'setting' | 'thrown' | 'end'
      /** From 1; null: the run itself. */
      readonly step: number | null
      readonly value: string
    }
  /** Lines of a comparison, in this state or from this cause; nodes that only one of the workflows has. */
  | { readonly kind: 'compared'; readonly of: string; readonly n: number }
  /** A setting of MISP; `value` as it was given, absent where the sentence only names it. */
  | { readonly kind: 'misp'; readonly name: string; readonly value?: Json }
  /** A name or number of MISP's own that stands in the sentence whatever the data. */
  | { readonly kind: 'term'; readonly value: string }
  /** Words of somebody else: of MISP, of PHP, of a custom module. */
  | { readonly kind: 'said'; readonly value: string }

/** A piece of the text (positions as in `text.slice`) and what it claims. */
export type Claim = Fact & { readonly from: number; readonly to: number }

export interface Sentence {
  readonly text: string
  readonly verdict: Verdict
  readonly claims: readonly Claim[]
}

type Part = Sentence | string | null | undefined | false
/** A text that is not written in the source would be said without a claim. */
type Constant<P> = P extends string ? (string extends P ? never : P) : P
type Constants<P extends readonly Part[]> = P & { readonly [K in keyof P]: Constant<P[K]> }

/** In constants: what is formatted as code, quoted, or a number. */
const terms = /`[^`]+`|“[^“”]+”|(?<![\w.{])[\w.{]*\d[\w.:,-]*/g

function constant(text: string): Sentence {
  const claims = [...text.matchAll(terms)].map((match): Claim => {
    const value = match[0].replace(/[.:,]$/, '')
    return { kind: 'term', value, from: match.index, to: match.index + value.length }
  })
  return { text, verdict: 'depends', claims }
}

const isPart = (part: Part): part is Sentence | string => typeof part === 'string' || (part ?? false) !== false

/** Texts and claims one after the other; the verdict of the first that has one. */
function joined(parts: readonly Part[], between = ''): Sentence {
  let text = ''
  let verdict: Verdict = 'depends'
  const claims: Claim[] = []
  for (const part of parts) {
    const one = isPart(part) ? (typeof part === 'string' ? constant(part) : part) : null
    if (one === null || one.text === '') continue
    if (text !== '') text += between
    for (const claim of one.claims)
      claims.push({ ...claim, from: claim.from + text.length, to: claim.to + text.length })
    text += one.text
    if (verdict === 'depends') verdict = one.verdict
  }
  return { text, verdict, claims }
}

type Tag = <const P extends readonly Part[]>(strings: TemplateStringsArray, ...parts: Constants<P>) => Sentence

const saying =
  (verdict: Verdict): Tag =>
  (strings, ...parts) => {
    const said = joined(strings.flatMap((text, i): Part[] => [text, parts[i]]))
    return verdict === 'depends' ? said : { ...said, verdict }
  }

/** A sentence, or a piece of one. Null, false and undefined leave nothing. Its verdict is that of the first piece that has one. */
export const say = saying('depends')
export const never = saying('never')
export const always = saying('always')
export const keepsNothing = saying('keeps nothing')
export const aborts = saying('aborts')
export const doesNothing = saying('does nothing')

export const withVerdict = (verdict: Verdict, said: Sentence): Sentence => ({ ...said, verdict })

/** Sentences with a space between them. */
export const sentences = (...parts: readonly (Sentence | null | false)[]): Sentence => joined(parts, ' ')

/** "a, b or c", or with semicolons or blanks between all. */
export function listed(parts: readonly Sentence[], word: 'or' | 'and' | 'then' | ';'): Sentence {
  if (word === ';') return joined(parts, '; ')
  const last = parts.at(-1)
  const before = joined(parts.slice(0, -1), word === 'then' ? ', then ' : ', ')
  return last === undefined ? before : before.text === '' ? last : joined([before, joint[word], last])
}
const joint = { or: ' or ', and: ' and ', then: ', then ' } as const

/** A piece of text that claims one fact. */
export const claiming = (text: string, fact: Fact): Sentence => ({
  text,
  verdict: 'depends',
  claims: text === '' ? [] : [{ ...fact, from: 0, to: text.length }]
})

/** Characters of a value that is named by the way; what decided is named whole, up to `whole`. */
const brief = 80
export const whole = 400
/** Of a hash path, whose end (`[value<50]`) decides as much as its beginning. */
export const wholePath = 200

/** A value in one line without what its URLs hide, cut to `most` characters. */
export function shownValue(value: Json, most = brief): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = maskUrls(text.length > 4 * most ? text.slice(0, 4 * most) : text).replace(/\s+/g, ' ')
  return line.length > most ? `${line.slice(0, most - 3)}...` : line
}

/** A value formatted as code, and what is claimed of it. */
export function coded(value: Json, factOf: (shown: string) => Fact, most = brief): Sentence {
  const shown = shownValue(value, most)
  return claiming(shown === '' ? 'an empty text' : `\`${shown}\``, factOf(shown))
}

/** What somebody else said, in their words. */
export const theirs = (text: string): Sentence => claiming(text, { kind: 'said', value: text })
export const theirsCoded = (value: Json): Sentence => coded(value, (shown) => ({ kind: 'said', value: shown }))
/** A name of MISP's own: a hash path that a module reads, a module, a trigger, an operator. */
export const termed = (value: string): Sentence => coded(value, (shown) => ({ kind: 'term', value: shown }), whole)
export const nodeNamed = (id: string | number, moduleId?: string): Sentence =>
  claiming(`node ${id}`, { kind: 'node', id, ...(moduleId === undefined ? {} : { moduleId }) })

/** "1 value", "2 values". */
export const counting = (n: number, of: Counted, one: string, many?: string): Sentence =>
  claiming(plural(n, one, many), { kind: 'count', n, of })
export const numbering = (n: number, of: Counted): Sentence => claiming(formatCount(n), { kind: 'count', n, of })

/** "filter" or "filters", where the count is not said. */
export const wordOf = <const W extends string>(count: number, one: string extends W ? never : W): Sentence => ({
  ...{ text: wordFor(count, one), verdict: 'depends', claims: [] }
})

/** "twice", "3 times". */
export const timesOver = (n: number, of: Counted): Sentence =>
  claiming(n === 2 ? 'twice' : `${formatCount(n)} times`, { kind: 'count', n, of })

/** The pieces that are shown of `n`, then "and 3 more". `told`: how many they stand for. */
export function some(
  parts: readonly Sentence[],
  n: number,
  of: Counted,
  word: 'or' | 'and' = 'and',
  told = parts.length
): Sentence {
  const more = n - told
  if (more <= 0) return listed(parts, word)
  const rest = claiming(`${formatCount(more)} more`, { kind: 'count', n, of, less: told })
  return joined([joined(parts, ', '), joint[word], rest])
}

/** With a capital letter. */
export const capital = (said: Sentence): Sentence => ({
  ...said,
  text: `${said.text.charAt(0).toUpperCase()}${said.text.slice(1)}`
})

/** A setting of MISP by its name; `value` where the sentence says how it is set. */
export const mispSetting = (name: string, value?: Json): Sentence =>
  claiming(`\`${name}\``, { kind: 'misp', name, ...(value === undefined ? {} : { value }) })
