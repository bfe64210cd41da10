// Why the logic modules with a condition of their own took a branch: where they looked, what they found, how they compared it. The
// places are those that the modules in engine/modules/impls read.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { StepReason } from '../../contract/run-views.ts'
import { extract, get } from '../../engine/hash/hash.ts'
import { looseEquals } from '../../engine/php/compare.ts'
import { phpString } from '../../engine/php/cast.ts'
import { count, isArray, isEmpty, values } from '../../engine/php/values.ts'
import { explainCondition } from '../../engine/conditions/explain-condition.ts'
import { previewOf } from './values.ts'

interface Found {
  readonly path: Json
  readonly operator: Json
  readonly value: Json
  readonly found: Json
  /** After `True: ` or `False: `. */
  readonly text: string
}

const textOf = (value: Json): string => (isArray(value) ? '' : phpString(value))
const list = (value: Json | undefined): readonly Json[] =>
  value === undefined || isEmpty(value) ? [] : isArray(value) ? values(value) : [value]
const quoted = (found: readonly Json[]): string => {
  const names = [...new Set(found.map((one) => previewOf(one)))]
  return `${names
    .slice(0, 5)
    .map((name) => `\`${name}\``)
    .join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}

const tagPaths: Readonly<Record<string, string>> = {
  attribute: 'Event._AttributeFlattened.{n}.Tag.{n}.name',
  event_attribute: 'Event._AttributeFlattened.{n}._allTags.{n}.name'
}

function tagIf({ tags, clusters, condition = '', scope = '' }: JsonMap, data: Json): Found {
  const path = tagPaths[textOf(scope)] ?? 'Event.Tag.{n}.name'
  const value = [...list(tags), ...list(clusters).map((name) => `misp-galaxy:${textOf(name)}`)]
  const { found } = explainCondition({ data, path, operator: condition, value, reading: 'if' })
  const names = [...new Set(list(found))]
  const chosen = value.filter((name) => names.some((one) => looseEquals(one, name)))
  const text = `\`${path}\` finds ${names.length === 0 ? 'no tag' : quoted(names)}; of the tags chosen, ${quoted(chosen) || 'none'} ${chosen.length > 1 ? 'are' : 'is'} among them, compared by \`${textOf(condition)}\``
  return { path, operator: condition, value, found: names, text }
}

const threatLevels: Readonly<Record<string, string>> = { 1: 'high', 2: 'medium', 3: 'low', 4: 'undefined' }

function threatLevelIf({ condition = '', threatlevel = '' }: JsonMap, data: Json): Found {
  const path = 'Event.threat_level_id'
  const found = get(data, path, null)
  const name = (id: Json): string => threatLevels[textOf(id)] ?? previewOf(id)
  const text = `the threat level is \`${name(found)}\`, compared with \`${name(threatlevel)}\` by \`${textOf(condition)}\``
  return { path, operator: condition, value: threatlevel, found, text }
}

function publishedIf({ condition = '' }: JsonMap, data: Json): Found {
  const path = 'Event.published'
  const found = get(data, path, null)
  const text = `the event is ${isEmpty(found) ? 'not ' : ''}published, compared with \`published\` by \`${textOf(condition)}\``
  return { path, operator: condition, value: true, found, text }
}

function organisationIf({ org_type = '', condition = '', org_id = '' }: JsonMap, data: Json): Found {
  const path = looseEquals(org_type, 'orgc') ? 'Event.orgc_id' : 'Event.org_id'
  const found = get(data, path, null)
  const chosen = list(org_id)
  const among = chosen.some((id) => looseEquals(id, found))
  const text = `\`${path}\` is \`${previewOf(found)}\`, which is ${among ? '' : 'not '}among ${quoted(chosen) || 'none chosen'}, by \`${textOf(condition)}\``
  return { path, operator: condition, value: chosen, found, text }
}

function countIf({ selector = '', operator = '', value = '' }: JsonMap, data: Json): Found {
  const items = extract(data, selector)
  const found = isArray(items) ? count(items) : 0
  const text = `\`${textOf(selector)}\` finds ${found === 1 ? 'one value' : `${found} values`}, compared with \`${textOf(value)}\` by \`${textOf(operator)}\``
  return { path: selector, operator, value, found, text }
}

const distributions = [
  'your organisation only',
  'this community only',
  'connected communities',
  'all communities',
  'sharing group'
]

function distributionIf(
  { scope = '', condition = '', distribution = '', sharing_group_id = '' }: JsonMap,
  data: Json
): Found {
  const ofEvent = get(data, 'Event.distribution', null)
  const ofAttribute = get(data, 'Event.Attribute.0.distribution', null)
  const onAttribute = looseEquals(scope, 'attribute')
  const name = (level: Json): string => distributions[Number(textOf(level))] ?? previewOf(level)
  const groups =
    looseEquals(distribution, 4) && !isEmpty(sharing_group_id) ? ` (${quoted(list(sharing_group_id))})` : ''
  return {
    path: onAttribute ? 'Event.Attribute.0.distribution, Event.distribution' : 'Event.distribution',
    operator: condition,
    value: distribution,
    found: onAttribute ? [ofAttribute, ofEvent] : ofEvent,
    text: `the event is for \`${name(ofEvent)}\`${onAttribute ? `, its first attribute for \`${name(ofAttribute)}\`` : ''}, compared with \`${name(distribution)}\`${groups} by \`${textOf(condition)}\``
  }
}

const tellers: Readonly<Record<string, (params: JsonMap, data: Json) => Found>> = {
  'tag-if': tagIf,
  'threat-level-if': threatLevelIf,
  'published-if': publishedIf,
  'organisation-if': organisationIf,
  'count-if': countIf,
  'distribution-if': distributionIf
}

/** Undefined for other modules. `result`: the branch that was taken, the one thing that is not worked out here. */
export function reasonOfLogic(
  moduleId: string,
  params: JsonMap,
  data: Json,
  result: boolean | null
): StepReason | undefined {
  const teller = Object.hasOwn(tellers, moduleId) ? tellers[moduleId] : undefined
  if (!teller) return undefined
  const { path, operator, value, found, text } = teller(params, data)
  const holds = result === null ? '' : result ? 'True: ' : 'False: '
  const sentence = holds === '' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : `${holds}${text}`
  return {
    text: `${sentence}.`,
    facts: [
      { name: 'path', value: previewOf(path) },
      { name: 'found', value: isArray(found) && isEmpty(found) ? 'nothing' : previewOf(found) },
      { name: 'operator', value: previewOf(operator) },
      { name: 'value', value: previewOf(value) },
      ...(result === null ? [] : [{ name: 'result', value: String(result) }])
    ]
  }
}
