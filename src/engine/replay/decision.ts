// What decided a condition of a run: the items that it found, in words, each with its place in what the node read.
import { append } from '../../contract/lists.ts'
import type { ChainClaim, ChainLink, ChainPlace } from '../../contract/chain.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { isPinned } from '../../contract/run-views.ts'
import type { ValuePath } from '../../contract/values.ts'
import { formatCount, plural } from '../../contract/words.ts'
import { previewOf } from '../format/preview.ts'
import { locateSteps } from '../hash/locate.ts'
import type { Located } from '../hash/locate.ts'
import { listOf, textOf } from '../modules/describe/reason.ts'
import { withDefaults } from '../modules/describe/settings.ts'
import { modulesOf } from '../modules/table.ts'
import { codeOf } from '../modules/implementations.ts'
import { looseEquals } from '../php/compare.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { isArray } from '../php/values.ts'
import { underPhp } from '../php/version.ts'
import { profiles } from '../profiles/profiles.ts'
import { placeIn } from './blame.ts'
import { valueAt } from '../format/values.ts'
import { isSame } from './diff.ts'
import type { RunFold } from './fold.ts'
import { eventTag, isTagName, ownerOf } from './item-words.ts'

/** Places that are looked at of one condition. */
const mostPlaces = 500_000
const shownItems = 3
const shownValues = 3

export interface Decision {
  /** Begins without "because". */
  readonly links: readonly ChainLink[]
  /** Where the values stand that are named, in what the node read. */
  readonly values: readonly ValuePath[]
  /** What was looked for and not found. */
  readonly missing: Sought | null
}

/** One of `wanted` among the values at a hash path. */
export interface Sought {
  readonly hashPath: string
  readonly wanted: readonly Json[]
}

interface Question {
  readonly fold: RunFold
  readonly position: number
  readonly view: Json
  readonly path: string
  readonly operator: string
  readonly wanted: readonly Json[]
  readonly places: readonly Located[]
}

const memberships = ['in', 'not_in', 'in_or', 'in_and', 'not_in_or', 'not_in_and']

/** Null for a step that tells no more than its branch. */
export function decisionOf(fold: RunFold, position: number): Decision | null {
  const step = fold.steps[position]
  const data = fold.data[position]
  if (!step || !data) return null
  if (isPinned(step)) return said('its output was pinned', '')
  if (step.result !== 'success') return said(step.message ?? '', 'it did not run: ')
  const rules = profiles[fold.profile]
  const reason = codeOf(fold.profile).reason(step.moduleId)
  if (reason === undefined) return null
  try {
    return underPhp(rules.php, () => {
      const definition = modulesOf(fold.profile).find(step.moduleType, step.moduleId)
      const told = reason(withDefaults((data.params ?? {}) as JsonMap, definition), data.view, rules)
      const operator = textOf(told.operator)
      const isMembership = memberships.includes(operator)
      const path = textOf(told.path)
      const question: Question = {
        ...{ fold, position, view: data.view, path, operator },
        wanted: listOf(told.value),
        places: placesOf(data.view, path, isMembership)
      }
      return isMembership ? membership(question) : compared(question, told.because.text)
    })
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return said(`${thrown.phpClass}: ${thrown.message}`, '')
  }
}

const said = (text: string, lead: string): Decision | null =>
  text === '' ? null : { links: [{ lead, text, claim: { kind: 'text' }, at: null }], values: [], missing: null }

/** What the path finds. A path of plain keys answers what is there; of a list that is searched, its items. */
export function placesOf(view: Json, path: string, isSearched: boolean): readonly Located[] {
  if (/[{[]/.test(path)) return locateSteps(view, path, mostPlaces).at(-1) ?? []
  return path.split(', ').flatMap((one) => {
    const found = locateSteps(view, one, 1).at(-1) ?? []
    const [only] = found
    if (!isSearched || only === undefined || !isArray(only.value)) return found
    const { path: at, value } = only
    return Object.keys(value).map((key) => ({
      path: [...at, Array.isArray(value) ? Number(key) : key],
      value: (value as JsonMap)[key] as Json
    }))
  })
}

export const isWanted = (value: Json, wanted: readonly Json[]): boolean => wanted.some((one) => looseEquals(value, one))

function membership(question: Question): Decision {
  const { places, wanted, path, operator } = question
  const byValue = wanted.flatMap((value) => {
    const items = places.filter((place) => looseEquals(place.value, value))
    return items.length > 0 ? [{ value, items }] : []
  })
  const missing = { hashPath: path, wanted }
  if (byValue.length === 0) return { links: [noneOf(question)], values: [], missing }
  const links: ChainLink[] = []
  const values: ValuePath[] = []
  for (const { value, items } of byValue.slice(0, shownValues)) {
    const named = namedItems(question, value, items)
    const [first, ...others] = named.links
    links.push({ ...(first as ChainLink), lead: `${links.length > 0 ? ' and ' : ''}${first?.lead}` })
    append(links, others)
    append(values, named.values)
  }
  if (byValue.length > shownValues)
    links.push(
      words(
        `, and so are ${plural(byValue.length - shownValues, 'other of the chosen values', 'others of the chosen values')}`
      )
    )
  if (operator.endsWith('_and') && wanted.length > 1)
    links.push(words(` (it asks for all of ${plural(wanted.length, 'value')}, each once)`))
  return { links, values, missing: null }
}

const words = (text: string): ChainLink => ({ lead: text, text: '', claim: { kind: 'text' }, at: null })

/** "`tlp:red` is on attribute 8 (ip-dst 198.51.100.7), attribute 9 (…) and 18 more and on the event". */
function namedItems(
  question: Question,
  value: Json,
  items: readonly Located[]
): Pick<Decision, 'values'> & { links: ChainLink[] } {
  const isTag = isTagName(items[0]?.path ?? [])
  const inherited = isTag ? items.filter((item) => isInherited(question.view, item.path)) : []
  const direct = inherited.length > 0 ? items.filter((item) => !inherited.includes(item)) : items
  const links: ChainLink[] = []
  const quoted = `\`${previewOf(value)}\``
  const shown = direct.slice(0, shownItems)
  for (const [i, { path, value: found }] of shown.entries()) {
    const owner = ownerOf(question.view, path)
    const key = String(path.at(-1))
    const begin = isTag ? `${quoted} is on ` : owner.isTop ? '' : `${quoted} is the ${key} of `
    const isLast = i === shown.length - 1 && direct.length === shown.length && inherited.length === 0
    const joint = isLast ? ' and ' : ', '
    const text = isTag || !owner.isTop ? owner.label : `\`${path.join('.')}\` is ${quoted}`
    links.push({
      lead: i === 0 ? begin : joint,
      text,
      claim: { kind: 'value', value: found },
      at: placeFor(question, path)
    })
  }
  const rest = direct.length - shown.length
  if (rest > 0)
    links.push({
      ...{ lead: ' and ', text: `${formatCount(rest)} more`, at: null },
      claim: { kind: 'matches', hashPath: question.path, value, count: items.length } as ChainClaim
    })
  const values = shown.map(({ path }) => path)
  const [own] = inherited
  if (own) {
    const path = eventTag(question.view, value) ?? own.path
    const claim: ChainClaim = { kind: 'value', value: valueAt(question.view, path) ?? null }
    links.push({
      lead: links.length > 0 ? ' and on ' : `${quoted} is on `,
      text: 'the event',
      claim,
      at: placeFor(question, path)
    })
    values.push(path)
  }
  return { links, values }
}

function isInherited(view: Json, path: ValuePath): boolean {
  const tag = valueAt(view, path.slice(0, -1)) as JsonMap
  return path.includes('_allTags') && tag['inherited'] === true
}

/** "none of the 17 values at `…` is `tlp:red`", "`…` is `tlp:green`, not `tlp:red`", or "`…` finds nothing". */
function noneOf(question: Question): ChainLink {
  const { path, places, wanted } = question
  const claim: ChainClaim = { kind: 'none', hashPath: path, count: places.length, wanted }
  const [only, ...others] = places
  const at = placeFor(question, only && others.length === 0 ? only.path : literalPrefix(question.view, path))
  const told = (text: string, lead = ''): ChainLink => ({ lead, text, claim, at })
  if (only === undefined) return told(`\`${path}\` finds nothing`)
  const values = `the ${plural(places.length, 'value')} at \`${path}\``
  if (wanted.length === 0) return told(values, 'nothing is chosen to compare with ')
  const chosen = wanted.slice(0, shownValues).map((value) => `\`${previewOf(value)}\``)
  const more = wanted.length > shownValues ? ` or ${wanted.length - shownValues} more` : ''
  const names = `${chosen.join(' or ')}${more}`
  if (others.length === 0) return told(`\`${path}\` is \`${previewOf(only.value)}\`, not ${names}`)
  return told(`none of ${values} is ${names}`)
}

/** The keys of a hash path up to its first wildcard, as far as they exist. */
function literalPrefix(view: Json, path: string): ValuePath {
  const keys: (string | number)[] = []
  for (const key of path.split(/[.,]/)) {
    const next = [...keys, key]
    if (/[{[]/.test(key) || valueAt(view, next) === undefined) break
    keys.push(key)
  }
  return keys
}

/** The module's own words; the path in them leads to where it looked, which is said behind them where they do not name it. */
function compared(question: Question, sentence: string): Decision {
  const { places, path } = question
  const isFew = places.length > 0 && places.length <= 2
  const looked: readonly Omit<ChainLink, 'lead'>[] = isFew
    ? places.map(({ path: at, value }) => ({
        text: `\`${at.join('.')}\``,
        claim: { kind: 'value', value },
        at: placeFor(question, at)
      }))
    : [
        {
          text: `\`${path}\``,
          claim: { kind: 'count', hashPath: path, count: places.length },
          at: placeFor(question, literalPrefix(question.view, path))
        }
      ]
  const [only, ...others] = looked
  const values = isFew ? places.map((place) => place.path) : []
  const named = only && others.length === 0 ? sentence.indexOf(only.text) : -1
  if (only && named >= 0) {
    const after = words(sentence.slice(named + only.text.length))
    return { links: [{ ...only, lead: sentence.slice(0, named) }, after], values, missing: null }
  }
  const links = looked.map((link, i) => ({ ...link, lead: i === 0 ? `${sentence} (` : ', ' }))
  return { links: [...links, words(')')], values, missing: null }
}

/** Where the inspector shows a place of what a node read: in its input, or in what its post shows of it. */
function placeFor({ fold, position, view }: Question, path: ValuePath): ChainPlace {
  const step = fold.steps[position]!
  const { input, output } = fold.data[position]!
  const place = { step: step.step, nodeId: step.nodeId }
  const value = valueAt(view, path)
  if (!step.derived.includes('input')) {
    const at = placeIn(input, view, path)
    if (at !== null && isSame(valueAt(input, at), value)) return { ...place, which: 'input', path: at }
  }
  const at = placeIn(output, view, path)
  return { ...place, which: 'output', path: at ?? path }
}
