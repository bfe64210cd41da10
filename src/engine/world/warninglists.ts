// Warninglists: reading them from a world, and matching as MISP's Warninglist model does, over indexes.
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { stringArgument } from '../php/cast.ts'
import { CheckedValue } from './checked-value.ts'
import { CidrIndex } from './cidr.ts'
import { HostNames } from './host-names.ts'
import { entries, isMap, at, values, withKey } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import { createBudget, type Budget } from '../hash/regex/preg.ts'
import { compilePattern } from './patterns.ts'
import { SubstringIndex } from './substrings.ts'
import { TextTable } from './text-table.ts'
import type { ListToMatch, Match, RecordedMatches, WarninglistRow } from './world.ts'

export interface ReadWarninglist {
  readonly row: WarninglistRow
  /** The entries; always the same list. */
  entries(): readonly string[]
  /** Of a recorded list: the values that it matched, in place of its entries. */
  readonly matches?: RecordedMatches
}

const isOn = (value: Json | undefined, otherwise: boolean): boolean =>
  value === undefined || value === null ? otherwise : !(value === '0' || value === 0 || value === false || value === '')

function readEntries(list: JsonMap): readonly string[] {
  const plain = list.entries ?? list.list
  if (Array.isArray(plain) && plain.every((entry) => typeof entry === 'string')) return plain as readonly string[]
  if (Array.isArray(plain))
    return (plain as Json[]).map((entry) => (isMap(entry) ? idText(entry.value) : idText(entry)))
  if (isMap(plain)) return Object.keys(plain)
  return values(list.WarninglistEntry).map((entry) => idText(at(entry, 'value')))
}

function readTypes(list: JsonMap): readonly string[] {
  const types = list.matching_attributes ?? list.types
  if (types !== undefined && types !== null) return entries(types).map(([, type]) => idText(type))
  const rows = values(list.WarninglistType ?? list.warninglist_types).map((row) => idText(isMap(row) ? row.type : row))
  return rows.length > 0 ? rows : ['ALL']
}

/** Pairs of a value and the entry that matched it, or why nobody knows; what a recorded world says of a list. */
function matchesOf(pairs: Json | undefined): RecordedMatches | null {
  if (!Array.isArray(pairs)) return null
  const out = new Map<string, Match>()
  for (const pair of pairs as readonly Json[]) {
    const [value, match] = values(pair)
    if (typeof match === 'string') out.set(idText(value), match)
    else if (isMap(match)) out.set(idText(value), { code: idText(match.code), message: idText(match.message) })
  }
  return out
}

/** Warninglists as MISP's API, shared worlds and MISP's own list.json files have them, by id. Lists without an id get the next. */
export function readWarninglists(lists: readonly JsonMap[] | undefined): ReadonlyMap<string, ReadWarninglist> {
  const out = new Map<string, ReadWarninglist>()
  const inner = (lists ?? []).map((list) => (isMap(list.Warninglist) ? { ...list, ...list.Warninglist } : list))
  let last = inner.reduce((highest, list) => Math.max(highest, Number(idText(list.id)) || 0), 0)
  for (const list of inner) {
    const id = idText(list.id) || String(++last)
    const type = Array.isArray(list.type) ? idText(list.type[0] as Json) : idText(list.type) || 'string'
    const row: WarninglistRow = {
      id,
      name: idText(list.name),
      type,
      category: idText(list.category) || 'false_positive',
      description: idText(list.description),
      version: idText(list.version) || '1',
      enabled: isOn(list.enabled, true),
      default: isOn(list.default, true),
      types: readTypes(list)
    }
    let entries: readonly string[] | null = null
    const matches = matchesOf(list.matches)
    out.set(id, { row, entries: () => (entries ??= readEntries(list)), ...(matches ? { matches } : {}) })
  }
  return out
}

/** Returns the entry that matches, or false. */
type Matcher = (value: CheckedValue, budget: Budget) => string | false

function hostnameMatcher(entries: readonly string[]): Matcher {
  const names = new HostNames(entries)
  return ({ host }) => (host === null ? false : names.match(host))
}

function regexMatcher(entries: readonly string[]): Matcher {
  const patterns = entries.map((entry) => [entry, compilePattern(entry)] as const)
  return ({ subject }, budget) => {
    for (const [entry, pattern] of patterns) if (pattern !== null && pattern(subject, budget)) return entry
    return false
  }
}

function buildMatcher(type: string, entries: readonly string[]): Matcher {
  switch (type) {
    case 'cidr': {
      const index = new CidrIndex(entries)
      return ({ address }) => index.contains(address)
    }
    case 'string': {
      const known = new TextTable(entries)
      return ({ text, hash }) => (known.mayHave(hash) && known.has(text, hash) ? text : false)
    }
    case 'substring': {
      const index = new SubstringIndex(entries)
      return (value) => index.first(value.text, value.starts)
    }
    case 'hostname':
      return hostnameMatcher(entries)
    case 'regex':
      return regexMatcher(entries)
    default:
      return () => false
  }
}

const matchers = new WeakMap<readonly string[], Map<string, Matcher>>()

function matcherOf(type: string, entries: readonly string[]): Matcher {
  const byType = matchers.get(entries) ?? new Map<string, Matcher>()
  matchers.set(entries, byType)
  const known = byType.get(type)
  if (known !== undefined) return known
  const built = buildMatcher(type, entries)
  byType.set(type, built)
  return built
}

export interface LoadedWarninglist {
  readonly row: WarninglistRow
  entries(): readonly string[]
  /** Of a run's world: read when the first value is compared. */
  toMatch?(): ListToMatch
}

/** As the list says it, or as it was recorded. */
function valueMatcher(list: LoadedWarninglist): Matcher {
  const { row } = list
  const { entries, matches, matched }: ListToMatch = list.toMatch?.() ?? list
  if (matches) return ({ text }) => asKnown(matches.get(text))
  const match = matcherOf(row.type, entries())
  if (!matched) return match
  return (value, budget) => {
    try {
      const found = match(value, budget)
      if (found !== false) matched(value.text, found)
      return found
    } catch (error) {
      if (error instanceof CodedError) matched(value.text, { code: error.code, message: error.message })
      throw error
    }
  }
}

function asKnown(match: Match | undefined): string | false {
  if (match === undefined || typeof match === 'string') return match ?? false
  // Others than these are not written.
  throw new CodedError(match.code === 'REGEX_UNSUPPORTED' ? match.code : 'REGEX_TOO_COMPLEX', match.message)
}

/** Some warninglists, ready to check attributes against. */
export class WarninglistChecker {
  private readonly byType = new Map<string, readonly { readonly row: WarninglistRow; readonly match: Matcher }[]>()

  /** Of the regular expressions of all lists over all values together. */
  private readonly budget = createBudget(10)

  constructor(
    private readonly lists: readonly LoadedWarninglist[],
    /** MISP.warning_for_all: also attributes without the IDS flag. */
    private readonly forAll: boolean
  ) {}

  private listsFor(type: string): readonly { readonly row: WarninglistRow; readonly match: Matcher }[] {
    const known = this.byType.get(type)
    if (known !== undefined) return known
    const apply = this.lists.filter(({ row }) => row.types.includes('ALL') || row.types.includes(type))
    const ready = apply.map((list) => ({ row: list.row, match: valueMatcher(list) }))
    this.byType.set(type, ready)
    return ready
  }

  /** Warninglist::checkForWarning: the attribute itself when nothing matches. */
  check(attribute: JsonMap): JsonMap {
    const flag = attribute.to_ids
    const isFlagged = flag !== undefined && flag !== null && flag !== false && flag !== 0 && flag !== '' && flag !== '0'
    if (!isFlagged && !this.forAll) return attribute
    const type = idText(attribute.type)
    const lists = this.listsFor(type)
    if (lists.length === 0) return attribute
    const text = stringArgument(attribute.value ?? null, 'str_contains(): Argument #1 ($haystack)')
    const parts = splitForCheck(type, text).map((part) => new CheckedValue(part))
    const warnings: JsonMap[] = []
    for (const { row, match } of lists) {
      for (const part of parts) {
        const found = match(part, this.budget)
        if (found === false) continue
        warnings.push(warning(row, found, part.text))
        break
      }
    }
    return warnings.length === 0
      ? attribute
      : withKey(attribute, 'warnings', [...values(attribute.warnings), ...warnings])
  }
}

function splitForCheck(type: string, value: string): readonly string[] {
  const at = type === 'malware-sample' || type.includes('|') ? value.indexOf('|') : -1
  return at < 0 ? [value] : [value.slice(0, at), value.slice(at + 1)]
}

const warning = (row: WarninglistRow, match: string, value: string): JsonMap => ({
  match,
  value,
  warninglist_id: row.id,
  warninglist_name: row.name,
  warninglist_category: row.category
})
