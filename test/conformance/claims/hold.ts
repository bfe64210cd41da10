// Holds what a sentence claims against the data of its step, and looks for what it says without a claim.
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { Claim, Counted, Sentence } from '../../../src/contract/sentence.ts'
import type { ValueChange } from '../../../src/contract/values.ts'
import { at, countThrough, find, keeps, same, shows } from './reader.ts'
import type { Subject } from './subject.ts'
import { isTerm } from './terms.ts'

/** What is wrong with the sentence; nothing when every claim holds. */
export function contradictions(said: Sentence, subject: Subject): string[] {
  const wrong = said.claims.flatMap((claim) => {
    const problem = against(claim, said, subject)
    return problem === null ? [] : [`${problem} (${said.text.slice(claim.from, claim.to)})`]
  })
  return [...wrong, ...uncovered(said), ...sweeping(said, subject)].map((problem) => `${problem}: ${said.text}`)
}

/** Numbers, code and quotations outside of every claim. */
function uncovered({ text, claims }: Sentence): string[] {
  let left = text
  for (const { from, to } of claims) left = `${left.slice(0, from)}${' '.repeat(to - from)}${left.slice(to)}`
  const found = /[`“”]|\d+/.exec(left)
  return found ? [`no claim covers ${found[0]} at ${found.index}`] : []
}

/** Words that count without a number. */
function sweeping({ text }: Sentence, { input }: Subject): string[] {
  const filters = input === undefined ? [] : Object.keys(at(input, ['enabledFilters']) ?? {})
  return text.includes('all attributes') && filters.length > 0 ? [`says all, behind filter ${filters.join(', ')}`] : []
}

function against(claim: Claim, said: Sentence, subject: Subject): string | null {
  const { params = {}, filters = {}, nodes, settings = {} } = subject
  switch (claim.kind) {
    case 'setting':
      return setting(claim, params[claim.name] ?? defaultOf(claim.name, subject))
    case 'filter':
      return setting(claim, filters[claim.name] ?? '')
    case 'label':
      return isLabel(claim.label, subject) ? null : 'no such filter'
    case 'value': {
      const stands = at(subject[claim.in], claim.path)
      return shows(claim.value, stands) ? null : `${claim.in} has ${JSON.stringify(stands)?.slice(0, 200)} there`
    }
    case 'count':
      return count(claim, said, subject)
    case 'node': {
      const module = nodes?.get(String(claim.id))
      if (module === undefined) return 'no such node'
      return claim.moduleId === undefined || claim.moduleId === module ? null : `the node is ${module}`
    }
    case 'module':
      return [...(nodes?.values() ?? [])].includes(claim.id) ? null : 'no node of that module'
    case 'misp':
      if (!/^(Plugin|Security|MISP)\.[\w-]+$/.test(claim.name)) return 'no setting of MISP'
      return claim.value === undefined || same(claim.value, settings[claim.name] ?? null) ? null : 'not set so'
    case 'json':
      return notJson(params[claim.name] ?? defaultOf(claim.name, subject), claim.at)
    case 'result':
      return result(claim, subject)
    case 'term':
      return isTerm(claim.value, subject) ? null : 'no term of MISP'
    case 'said':
      return null
    case 'ran':
    case 'compared':
      return subject.comparison?.(claim) ?? null
  }
}

/** A text that is no JSON, but could still become some up to the character before. */
function notJson(text: Json, at: number): string | null {
  if (typeof text !== 'string') return 'no text'
  if (at < 0 || at > text.length) return `there is no character ${at}`
  try {
    JSON.parse(text)
    return 'it is JSON'
  } catch (error) {
    const said = /at position (\d+)/.exec(String(error))?.[1]
    // A number or word that goes on as none is wrong where it begins, or where it goes on.
    const isScalar = /^[\w.+-]*$/.test(text.slice(at, Number(said ?? 0)))
    return said === undefined || isScalar ? null : `JSON.parse stops at ${said}`
  }
}

const defaultOf = (name: string, { definition }: Subject): Json =>
  (definition?.params.find(({ id }) => id === name)?.['default'] as Json | undefined) ?? ''

function setting(claim: Claim & { readonly kind: 'setting' | 'filter' }, value: Json): string | null {
  const items =
    claim.isItem !== true ? [value] : typeof value === 'object' && value !== null ? Object.values(value) : [value]
  return items.some((item) => shows(claim.value, item as Json)) ? null : `it is ${JSON.stringify(value).slice(0, 200)}`
}

const isLabel = (label: string, { input, output, params = {}, nodes }: Subject): boolean =>
  [input, output].some((data) => Object.hasOwn((at(data, ['enabledFilters']) as JsonMap | undefined) ?? {}, label)) ||
  same(params['filtering-label'] ?? '', label) ||
  (nodes !== undefined && input === undefined)

function count(claim: Claim & { readonly kind: 'count' }, { text, claims }: Sentence, subject: Subject): string | null {
  const { n, of, less = 0 } = claim
  const written = /[\d,]*\d/.exec(text.slice(claim.from, claim.to))?.[0].replaceAll(',', '')
  if (written !== undefined && Number(written) !== n - less) return `says ${written} for ${n - less}`
  const counted = recount(of, subject, claims)
  if (counted === null) return null
  if (of.in === 'changes' && of.atLeast) return counted >= n ? null : `${counted} were found`
  return counted === n ? null : `${counted} were found`
}

/** Null: not decided here. */
function recount(of: Counted, subject: Subject, claims: readonly Claim[]): number | null {
  switch (of.in) {
    case 'settings':
      return of.names.reduce((sum, name) => sum + sizeOf(itemsOf(name, subject), of.only), 0)
    case 'changes':
      return thingsOf(of.thing, of.isItem, subject.changes ?? [])
    case 'problem':
      return subject.nodeIds?.length ?? null
    case 'modules':
      return claims.filter(({ kind }) => kind === 'module').length + (moreOf(claims) ?? 0)
    case 'effects':
      return subject.effects?.filter(({ effect }) => effect.kind === of.kind).length ?? null
    case 'rows':
      return subject.rows?.filter(({ table }) => table === of.table).length ?? null
    case 'checks':
      return subject.states?.filter((state) => state === of.state).length ?? null
    default:
      return recountData(of, subject)
  }
}

const moreOf = (claims: readonly Claim[]): number | undefined => {
  const more = claims.find((claim) => claim.kind === 'count' && claim.less !== undefined)
  return more?.kind === 'count' ? more.n - (more.less ?? 0) : undefined
}

/** A parameter of that name, or a field of the node's filter in reasons of its items. */
const itemsOf = (name: string, { params = {}, filters = {} }: Subject): Json => params[name] ?? filters[name] ?? ''
const sizeOf = (value: Json, only?: 'not blank'): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).filter((one) => only === undefined || one !== '').length
    : value === '' || value === null
      ? 0
      : 1

function recountData(of: Extract<Counted, { readonly path: string }>, subject: Subject): number | null {
  const data = subject[of.in as 'view']
  if (data === undefined) return null
  if (of.filtered) return countThrough(data, of.path)
  const found = find(of.within ? (at(data, of.within) ?? null) : data, of.path)
  if (found === null) return null
  let values = found.map(({ value }) => value)
  if (of.only === 'not null') values = values.filter((value) => value !== null)
  if (of.equal) values = values.filter((value) => of.equal?.some((wanted) => same(value, wanted)))
  if (of.same !== undefined) values = values.filter((value) => value === of.same)
  if (of.pass === undefined) return values.length
  const kept = values.map((value) => keeps(value, of.pass!))
  return kept.includes(null) ? null : kept.filter(Boolean).length
}

const keysOfThing: { readonly [thing: string]: readonly string[] } = {
  attribute: ['Attribute'],
  'flattened attribute': ['_AttributeFlattened'],
  tag: ['Tag', 'EventTag', 'AttributeTag', '_allTags'],
  object: ['Object'],
  'event report': ['EventReport']
}

/** How many things of that kind the changes are in, or are. Null for kinds that are not looked for here. */
function thingsOf(thing: string, isItem: boolean, changes: readonly ValueChange[]): number | null {
  const keys = keysOfThing[thing]
  if (keys === undefined) return null
  const things = changes.map(({ path }) => {
    const last = isItem ? path.length - 1 : path.length - 2
    for (let i = last; i > 0; i--)
      if (/^\d+$/.test(String(path[i])) && keys.includes(String(path[i - 1])))
        return JSON.stringify(path.slice(0, i + 1))
    return '?'
  })
  return new Set(things).size
}

/** A list is 1, an empty one 0. */
const phpNumber = (value: Json): number =>
  typeof value === 'object' ? Math.min(1, sizeOf(value)) : Number.parseFloat(String(Number(value) || value)) || 0

function result({ of, path, value }: Claim & { readonly kind: 'result' }, { view }: Subject): string | null {
  const found = view === undefined ? null : find(view, path)
  if (!found) return null
  const numbers = found.flatMap(({ value: one }) => (one === null ? [] : [phpNumber(one)]))
  const sum = numbers.reduce((a, b) => a + b, 0)
  const known: { readonly [type: string]: number } = {
    ...{ count: numbers.length, sum, avg: numbers.length === 0 ? 0 : sum / numbers.length },
    ...{ min: Math.min(...numbers), max: Math.max(...numbers), unique_count: new Set(numbers).size }
  }
  const worked = known[of]
  return worked === undefined || shows(value, worked) ? null : `${of} is ${worked}`
}
