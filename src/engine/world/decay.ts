// MISP's decaying models: DecayingModelBase, Polynomial and PolynomialExtended.
import type { Json, JsonMap } from '../../contract/json.ts'
import { isNumeric, phpFloat } from '../php/cast.ts'
import { phpException } from '../php/exceptions.ts'
import { secondsOf } from './dates.ts'
import { isMap, at } from '../php/values.ts'
import { idText } from '../php/cast.ts'

/** A tag that counts: a row of attribute_tags or event_tags with its Tag. */
export interface ScoredAttribute {
  readonly row: JsonMap
  readonly attributeTags: readonly JsonMap[]
  readonly eventTags: readonly JsonMap[]
  /** Unix seconds of the last sighting, null when there is none. */
  readonly lastSighting: number | null
}

const nameOf = (tag: JsonMap): string => idText(at(tag.Tag, 'name'))
const numberOf = (tag: JsonMap): Json => at(tag.Tag, 'numerical_value') ?? null

/** DecayingModelBase::__extractTagBasename, `base`. */
function baseOf(name: string): string {
  if (/^[^:="]+:[^:="]+="[^:="]+"$/.test(name)) return name.slice(0, name.indexOf('='))
  return /^[^:="]+:[^:="]+$/.test(name) ? name.slice(0, name.indexOf(':')) : name
}

/** DecayingModelBase::__getPrioritisedTag: tags of the attribute stand in for those of the event with the same base. */
function prioritised(attribute: ScoredAttribute): readonly JsonMap[] {
  const tags = new Map<number, JsonMap>()
  const ofBase = new Map<string, number[]>()
  attribute.eventTags.forEach((tag, index) => {
    tags.set(index, tag)
    const base = baseOf(nameOf(tag))
    ofBase.set(base, [...(ofBase.get(base) ?? []), index])
  })
  let next = attribute.eventTags.length
  for (const tag of attribute.attributeTags) {
    const overridden = ofBase.get(baseOf(nameOf(tag)))
    if (overridden === undefined) tags.set(next++, tag)
    overridden?.forEach((index, position) => (position === 0 ? tags.set(index, tag) : tags.delete(index)))
  }
  return [...tags].sort((a, b) => a[0] - b[0]).map(([, tag]) => tag)
}

/** DecayingModelBase::computeBasescore. */
function baseScore(parameters: Json, tags: readonly JsonMap[]): number {
  const config = at(parameters, 'base_score_config')
  const counted = tags.filter((tag) => at(config, baseOf(nameOf(tag))) !== undefined && isNumeric(numberOf(tag)))
  if (counted.length === 0) return phpFloat(at(parameters, 'default_base_score') ?? 0)
  const ratioOf = (tag: JsonMap): number => phpFloat(at(config, baseOf(nameOf(tag))) ?? 0)
  const total = counted.reduce((sum, tag) => sum + ratioOf(tag), 0)
  const bases = new Set(counted.map((tag) => baseOf(nameOf(tag))))
  const scored = tags.filter((tag) => bases.has(baseOf(nameOf(tag))))
  return scored.reduce((sum, tag) => sum + (ratioOf(tag) / total) * phpFloat(numberOf(tag)), 0)
}

/** When the attribute was last seen: its last sighting, unless it was changed after it. */
function lastSeen(attribute: ScoredAttribute): number {
  const { timestamp, last_seen } = attribute.row
  const changed = phpFloat(timestamp ?? 0)
  const otherwise = last_seen === null || last_seen === undefined ? changed : (secondsOf(idText(last_seen)) ?? changed)
  const seen = attribute.lastSighting ?? otherwise
  return changed > seen ? otherwise : seen
}

/** Polynomial::computeScore. */
function polynomial(parameters: Json, base: number, elapsed: number): number {
  if (elapsed < 0) return 0
  const speed = phpFloat(at(parameters, 'decay_speed') ?? 0)
  const lifetime = phpFloat(at(parameters, 'lifetime') ?? 0) * 24 * 60 * 60
  const score = base * (1 - Math.pow(elapsed / lifetime, 1 / speed))
  return score < 0 ? 0 : score
}

/** The taxonomy `retention`, in days: what PolynomialExtended reads from MISP's taxonomies. */
const retentionDays: ReadonlyMap<string, number> = new Map([
  ['retention:expired', 0],
  ['retention:1d', 1],
  ['retention:2d', 2],
  ['retention:7d', 7],
  ['retention:2w', 14],
  ['retention:1m', 30],
  ['retention:2m', 60],
  ['retention:3m', 90],
  ['retention:6m', 180],
  ['retention:1y', 365],
  ['retention:10y', 3650]
])

function isExpired(attribute: ScoredAttribute, tags: readonly JsonMap[], now: number): boolean {
  return tags.some((tag) => {
    const days = retentionDays.get(nameOf(tag))
    return days !== undefined && now - phpFloat(attribute.row.timestamp ?? 0) > days * 24 * 60 * 60
  })
}

const parametersOf = (model: JsonMap): Json => {
  const { parameters } = model
  if (typeof parameters !== 'string') return parameters ?? []
  try {
    return JSON.parse(parameters) as Json
  } catch {
    return []
  }
}

/** What DecayingModel::attachScoresToAttribute attaches for one model. `now`: Unix seconds. */
export function decayScore(model: JsonMap, attribute: ScoredAttribute, now: number): JsonMap {
  const formula = idText(model.formula).toLowerCase()
  if (formula !== 'polynomial' && formula !== 'polynomialextended') {
    throw phpException('NotFoundException', `Decaying model formula ${idText(model.formula)} is not available`)
  }
  const parameters = parametersOf(model)
  const tags = prioritised(attribute)
  const base = baseScore(isMap(parameters) ? parameters : [], tags)
  const computed = polynomial(parameters, base, now - lastSeen(attribute))
  const score = formula === 'polynomialextended' && isExpired(attribute, tags, now) ? 0 : computed
  return {
    score,
    base_score: base,
    decayed: phpFloat(at(parameters, 'threshold') ?? 0) > score,
    DecayingModel: { id: model.id ?? null, name: model.name ?? null }
  }
}
