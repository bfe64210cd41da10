// What sentences say of a node: its parameters as MISP reads them and its own filter, each piece with what it claims.
import { plainText, type Json } from '../../../contract/json.ts'
import type { Explain, ExplainInput, ModuleDefinition } from '../../../contract/modules.ts'
import { maskParam } from '../../../contract/secrets.ts'
import {
  claiming,
  coded,
  listed,
  say,
  shownValue,
  some,
  termed,
  theirs,
  wholePath
} from '../../../contract/sentence.ts'
import type { Fact, Sentence } from '../../../contract/sentence.ts'
import { attributesSeen } from './seen.ts'
import { hasTemplate, isBlank, isUnknownOption, listOf, optionLabel, valueOf } from './settings.ts'

/** A piece of a sentence that shows a value, and the value. */
export interface Shown extends Sentence {
  readonly value: Json
}

/** Of a list of values this many are named. */
const named = 5

export class NodeWords {
  constructor(
    readonly input: ExplainInput,
    readonly definition: ModuleDefinition
  ) {}

  value(id: string): Json {
    return valueOf(this.input, this.definition, id)
  }

  text(id: string): string {
    return plainText(this.value(id))
  }

  isBlank(id: string): boolean {
    return isBlank(this.value(id))
  }

  /** No text, or the one that PHP takes for none. */
  isEmptyText(id: string): boolean {
    return ['', '0'].includes(this.text(id))
  }

  hasTemplate(id: string): boolean {
    return hasTemplate(this.value(id))
  }

  isUnknown(id: string): boolean {
    return isUnknownOption(this.definition, id, this.value(id))
  }

  /** What was chosen: one value counts as a list of one. */
  list(id: string): readonly Json[] {
    const value = this.value(id)
    return isBlank(value) ? [] : typeof value === 'object' ? listOf(value) : [value]
  }

  /** The parameter's value as code; `and` is written behind it. */
  the(id: string, and = ''): Shown {
    const value = this.value(id)
    if (and !== '') return { ...this.#by(id, `\`${shownValue(value)}${and}\``), value }
    return { ...coded(maskParam(id, value), settingOf(id)), value }
  }

  /** Of a parameter that is empty only since its template was rendered: why. Null for any other. */
  emptied(id: string): Sentence | null {
    const { saved, failedTemplates = {} } = this.input
    if (saved === undefined || !this.isBlank(id) || !hasTemplate(saved[id] ?? '')) return null
    const failure = Object.hasOwn(failedTemplates, id) ? failedTemplates[id] : undefined
    return failure === undefined
      ? say`its template renders to nothing`
      : say`its template failed (${theirs(failure)}), for which MISP uses an empty text`
  }

  /** The same in brackets, behind what it is the reason of. */
  whyEmpty(id: string): Sentence | null {
    const emptied = this.emptied(id)
    return emptied && say` (${emptied})`
  }

  /** Each item of the parameter; `written` where it stands in the sentence otherwise than it was saved. */
  items(id: string, written: (item: Json) => Json = (item) => item): readonly Shown[] {
    return this.list(id).map((value) => ({
      ...coded(written(value), () => ({ ...settingOf(id)(shownValue(value)), isItem: true }) as Fact),
      value: written(value)
    }))
  }

  /** "`a`, `b` and 3 more". */
  each(id: string, word: 'or' | 'and'): Sentence {
    return eachOf(this.items(id), word, [id])
  }

  /** What MISP's editor shows for the value of a select, as code; `bare` as plain words. */
  option(id: string, bare = false): Sentence {
    const label = optionLabel(this.definition, id, this.value(id))
    return bare ? this.#by(id, label) : this.#by(id, `\`${shownValue(label)}\``)
  }

  /** Words that are chosen by a parameter's value: they claim that it is so. */
  by<const W extends string>(id: string, words: string extends W ? never : W): Sentence {
    return this.#by(id, words)
  }

  /** The same of a sentence. */
  saying(id: string, { text }: Sentence): Sentence {
    return this.#by(id, text)
  }

  /** "locally" or "globally". */
  get locally(): Sentence {
    return this.by('locality', this.text('locality') === 'local' ? 'locally' : 'globally')
  }

  /** A parameter's value as it is, where it is one of few known ones or a number. */
  bare(id: string): Sentence {
    return this.#by(id, shownValue(this.value(id)))
  }

  #by(id: string, text: string): Sentence {
    return claiming(text, settingOf(id)(shownValue(maskParam(id, this.value(id)))))
  }

  /** A node filter counts as soon as one of its four fields is set (WorkflowBaseModule::filtersEnabled). */
  get hasFilter(): boolean {
    return ['selector', 'value', 'operator', 'path'].some((name) => this.#filter(name) !== '')
  }

  #filter(name: string): Json {
    const { filters } = this.input
    return filters && Object.hasOwn(filters, name) ? (filters[name] ?? '') : ''
  }

  /** "the items of `selector` where …"; null when the node has no filter. */
  get filtered(): Sentence | null {
    return this.hasFilter ? say`the items${this.filterPhrase}` : null
  }

  /** " of `selector` where …", or nothing when the node has no filter. */
  get filterPhrase(): Sentence | null {
    if (!this.hasFilter) return null
    const the = (name: string): Sentence =>
      coded(this.#filter(name), filterOf(name), name === 'path' || name === 'selector' ? wholePath : undefined)
    const is = (name: string, text: string): Sentence => claiming(text, filterOf(name)(shownValue(this.#filter(name))))
    const where = this.#filter('path') === '' ? is('path', 'the item itself') : the('path')
    const from = this.#filter('selector') === '' ? is('selector', 'of the whole data') : say`of ${the('selector')}`
    const operator = plainText(this.#filter('operator'))
    if (operator === '')
      return say` ${from} that pass a filter ${is('operator', 'without an operator')}, which nothing passes`
    if (operator === 'any_value') return say` ${from} where ${where} ${is('operator', 'has any value')}`
    const verb = Object.hasOwn(verbs, operator) ? verbs[operator] : undefined
    const compares =
      verb === undefined ? say`is compared by the unknown operator ${the('operator')} with` : is('operator', verb)
    return say` ${from} where ${where} ${compares} ${the('value')}`
  }

  /** The attributes of a module that works on Event._AttributeFlattened or on what its filter leaves. */
  get attributes(): Sentence {
    const { seen } = this.input
    const all = seen === undefined ? say`all attributes (including those of objects)` : attributesSeen(seen)
    if (!this.hasFilter) return all
    return seen === undefined ? say`${this.filtered}` : say`${this.filtered} in what is seen there, ${all},`
  }
}

const settingOf =
  (name: string) =>
  (value: string): Fact => ({ kind: 'setting', name, value })
const filterOf =
  (name: string) =>
  (value: string): Fact => ({ kind: 'filter', name, value })

const verbs: { readonly [operator: string]: string } = {
  in: 'contains',
  not_in: 'does not contain',
  equals: 'equals',
  not_equals: 'does not equal',
  in_or: 'contains one of',
  in_and: 'contains all of',
  not_in_or: 'contains none of',
  not_in_and: 'does not contain all of'
}

/** "`a`, `b` or 3 more" of the items of parameters. */
export const eachOf = (
  items: readonly Shown[],
  word: 'or' | 'and',
  names: readonly string[],
  only?: 'not blank'
): Sentence =>
  items.length > named + 1
    ? some(items.slice(0, named), items.length, { in: 'settings', names, ...(only ? { only } : {}) }, word)
    : listed(items, word)

/** What a module reads or writes whatever is saved. */
export const fixed = (value: string): Shown => ({ ...termed(value), value })

/** A module's `explain`, which is given the node's words. */
export const explains =
  (definition: ModuleDefinition, sentence: (node: NodeWords) => Sentence): Explain =>
  (input) =>
    sentence(new NodeWords(input, definition))
