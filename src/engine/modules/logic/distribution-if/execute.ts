import type { Json } from '../../../../contract/json.ts'
import { phpInt } from '../../../php/cast.ts'
import { arrayDiff, looseEquals } from '../../../php/compare.ts'
import { badArgument } from '../../../php/bad-argument.ts'
import { phpError } from '../../../php/exceptions.ts'
import { count, expectArray, isArray, isEmpty, isEmptyArray, phpType } from '../../../php/values.ts'
import type { PhpArray } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'
import { offset, offsetOrNull } from '../../shared/params.ts'
import { get } from '../../../hash/hash.ts'
import { say, shownValue } from '../../../../contract/sentence.ts'
import { foundAt, listOf, operatorWords, settingAs, settings, textOf } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'

/** Where an attribute stands: its event, its object (never in MISP's data, but read) and itself. */
interface Place {
  readonly event: PhpArray
  readonly object: PhpArray
  readonly attribute: PhpArray
}

const mostRestrictive = (a: number, b: number): number => {
  if (a === 0 || b === 0) return 0
  return a === 4 || b === 4 ? 4 : Math.min(a, b)
}

const distributionOf = (value: PhpArray): number => phpInt(offset(value, 'distribution'))

/** Module_distribution_if::__getPropagatedDistribution. */
function propagated({ event, object, attribute }: Place): number {
  let result = isEmptyArray(attribute) ? 5 : distributionOf(attribute)
  if (!isEmptyArray(object)) result = mostRestrictive(result, distributionOf(object))
  return mostRestrictive(result, distributionOf(event))
}

/** Module_distribution_if::__extractSharingGroupIDs. */
function sharingGroups({ event, object, attribute }: Place, scope: Json): Json[] {
  const places = looseEquals(scope, 'event') ? [event] : [event, attribute, object]
  return places
    .filter((place) => !isEmptyArray(place) && looseEquals(offset(place, 'distribution'), 4))
    .map((place) => offset(place, 'sharing_group_id'))
}

/** The first attribute is looked at, whatever the scope says; none is a TypeError. */
function firstAttribute(event: PhpArray, method: string): Place {
  const attribute = offset(offset(event, 'Attribute'), '0')
  const where = `Module_distribution_if::${method}()`
  if (attribute === null) {
    const none = isEmpty(offset(event, 'Attribute'))
      ? `The event has no attributes${isEmpty(offset(event, 'Object')) ? '' : ' outside of objects'}`
      : 'A filter took the first attribute away'
    const text = `${where}: Argument #3 ($attribute) must be of type array, null given`
    throw phpError('TypeError', text).withHint(`${none}; this module reads the first one.`)
  }
  return {
    event,
    object: expectArray(offsetOrNull(attribute, 'Object') ?? [], `${where}: Argument #2 ($object)`),
    attribute: expectArray(attribute, `${where}: Argument #3 ($attribute)`)
  }
}

/** The comparison for distribution 4; null when the operator does not fit. */
function compareGroups(operator: Json, found: Json[], selected: Json): boolean | null {
  const missing = (): PhpArray =>
    isArray(selected)
      ? arrayDiff(found, selected)
      : (badArgument(`array_diff(): Argument #2 must be of type array, ${phpType(selected)} given`) ?? [])
  if (looseEquals(operator, 'equals')) return isEmpty(selected) ? found.length > 0 : isEmptyArray(missing())
  if (looseEquals(operator, 'not_equals')) {
    return isEmpty(selected) ? found.length === 0 : count(missing()) === found.length
  }
  return null
}

/** The same in newer versions: without a selection `equals` holds for no group, and `not_equals` for some. */
function compareGroupsAnew(operator: Json, found: Json[], selected: Json): boolean | null {
  const equals = looseEquals(operator, 'equals')
  if (!equals && !looseEquals(operator, 'not_equals')) return null
  if (!isEmpty(selected) && found.length > 0) return compareGroups(operator, found, selected)
  const same = isEmpty(selected) ? found.length === 0 : isEmpty(selected)
  return equals ? same : !same
}

interface Rules {
  readonly compare: typeof compareGroups
  /** Newer versions look at attributes only where there are some, and at groups only where the data is for one. */
  readonly careful: boolean
  /** Groups of the first attribute count whatever the scope is. */
  readonly anyScope?: boolean
}

/** Module_distribution_if::exec. */
const decide = ({ compare, careful, anyScope = false }: Rules): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    const params = yield* ctx.params()
    const { scope = '', condition: operator = '', distribution = '', sharing_group_id = '' } = params
    const where = 'Module_distribution_if::__getPropagatedDistribution(): Argument #1 ($event)'
    const event = expectArray(offset(data, 'Event'), where)
    const onAttribute = looseEquals(scope, 'attribute')
    let level = propagated({ event, object: [], attribute: [] })
    if (onAttribute && careful && hasNone(offset(event, 'Attribute'))) return false
    if (onAttribute) level = propagated(firstAttribute(event, '__getPropagatedDistribution'))
    if (level < 0 || level > 4) {
      ctx.addError('Distribution level not supported')
      return false
    }
    if (looseEquals(distribution, 4) && (!careful || level === 4)) {
      const place = careful ? firstOrNone(event) : firstAttribute(event, '__extractSharingGroupIDs')
      const found = sharingGroups(place, anyScope ? 'attribute' : scope)
      const result = compare(operator, found, isEmpty(sharing_group_id) ? [] : sharing_group_id)
      if (result === null) ctx.addError('Condition operator not supported for that distribution level')
      return result ?? false
    }
    const chosen = phpInt(distribution)
    // range(0, chosen) and range(chosen, 3) count downwards when they must.
    if (looseEquals(operator, 'more_restrictive_or_equal_than')) return between(level, 0, chosen)
    if (looseEquals(operator, 'more_permisive_or_equal_than')) return between(level, chosen, 3)
    return evaluateCondition(chosen, operator, level, ctx.profile)
  }

function hasNone(attributes: Json): boolean {
  if (isArray(attributes)) return isEmptyArray(attributes)
  const what = 'count(): Argument #1 ($value) must be of type Countable|array'
  throw phpError('TypeError', `${what}, ${phpType(attributes)} given`)
}

function firstOrNone(event: PhpArray): Place {
  const none = offsetOrNull(offsetOrNull(event as Json, 'Attribute'), '0') === null
  return none ? { event, object: [], attribute: [] } : firstAttribute(event, '__extractSharingGroupIDs')
}

export const execute = decide({ compare: compareGroups, careful: false })

/** Version 0.2 knows no empty selection: none of the groups is missing only where there are none. */
const compareGroupsOnly: typeof compareGroups = (operator, found, selected) => {
  const equals = looseEquals(operator, 'equals')
  if (!isEmpty(selected)) return compareGroups(operator, found, selected)
  return equals ? found.length === 0 : looseEquals(operator, 'not_equals') ? true : null
}

export const versions = {
  '2.5.19': { execute: decide({ compare: compareGroupsAnew, careful: true }) },
  '2.4.177': { execute: decide({ compare: compareGroupsOnly, careful: false, anyScope: true }) }
}

const between = (level: number, a: number, b: number): boolean => level >= Math.min(a, b) && level <= Math.max(a, b)

const distributions = [
  'your organisation only',
  'this community only',
  'connected communities',
  'all communities',
  'sharing group'
]

export const reason: Reasoning = ({ scope = '', condition = '', distribution = '', sharing_group_id = '' }, data) => {
  const ofEvent = get(data, 'Event.distribution', null)
  const ofAttribute = get(data, 'Event.Attribute.0.distribution', null)
  const onAttribute = looseEquals(scope, 'attribute')
  const name = (level: Json): string => distributions[Number(textOf(level))] ?? shownValue(level)
  const groups =
    looseEquals(distribution, 4) &&
    !isEmpty(sharing_group_id) &&
    say` (${settings('sharing_group_id', listOf(sharing_group_id))})`
  const onFirst =
    onAttribute &&
    say`, that of its first attribute ${foundAt('Event.Attribute.0.distribution', ofAttribute, name(ofAttribute))}`
  const chosen = settingAs('distribution', distribution, name(distribution))
  return {
    path: onAttribute ? 'Event.Attribute.0.distribution, Event.distribution' : 'Event.distribution',
    operator: condition,
    value: distribution,
    found: onAttribute ? [ofAttribute, ofEvent] : ofEvent,
    because: say`the event’s distribution is ${foundAt('Event.distribution', ofEvent, name(ofEvent))}${onFirst}, compared with ${chosen}${groups}${operatorWords('condition', condition)}`
  }
}
