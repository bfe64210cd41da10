// What MISP does to an attribute before it is saved, and when it refuses it (MispAttribute::beforeValidateMassage, beforeValidate,
// $validate; AttributeValidationTool). Values that came out of MISP's database pass unchanged; the rules matter for data that was changed on
// the way.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { attributeTypes, categoryTypes, isComposite } from './attribute-types.ts'
import { isValidValue, modifyValue, refang } from './attribute-validation.ts'
import { isNumeric, phpString, trim } from '../../php/cast.ts'
import { phpError } from '../../php/exceptions.ts'
import { isEmpty, isArray, type MutableMap } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import { timeText, type ModelEnv } from './env.ts'

/** MispAttribute::beforeValidateMassage. */
export function massage(env: ModelEnv, given: JsonMap): JsonMap {
  const attribute: MutableMap = { ...given }
  if (isEmpty(attribute.value) && !isEmpty(attribute.value1)) {
    const second = isEmpty(attribute.value2) ? '' : `|${phpString(attribute.value2 as Json)}`
    attribute.value = phpString(attribute.value1 as Json) + second
  }
  const type = idText(attribute.type)
  if (isArray(attribute.value)) {
    throw phpError('TypeError', 'trim(): Argument #1 ($string) must be of type string, array given')
  }
  attribute.value = modifyValue(type, refang(type, trim(phpString(attribute.value ?? null))))
  // empty() also holds for the comment "0".
  if (isEmpty(attribute.comment)) attribute.comment = ''
  if (typeof attribute.uuid === 'string' && attribute.uuid !== '') attribute.uuid = attribute.uuid.toLowerCase()
  if (isEmpty(attribute.timestamp)) attribute.timestamp = timeText(env)
  if (attribute.first_seen === '') attribute.first_seen = null
  if (attribute.last_seen === '') attribute.last_seen = null
  if (attribute.distribution === undefined || attribute.distribution === null)
    attribute.distribution = defaultDistribution(env)
  if (idText(attribute.distribution) !== '4') attribute.sharing_group_id = 0
  const defaults = attributeTypes.get(type)
  if (isEmpty(attribute.category)) attribute.category = defaults?.category ?? null
  if (attribute.to_ids === undefined || attribute.to_ids === null) attribute.to_ids = defaults?.toIds ?? false
  return attribute
}

export function defaultDistribution(env: ModelEnv): Json {
  const setting = env.settings['MISP.default_attribute_distribution']
  return setting === undefined || setting === null || setting === 'event' ? 5 : setting
}

function isValueValid(type: string, value: string): boolean {
  if (value.trim() === '') return false
  if (isComposite(type) && value.split('|').length !== 2) return false
  return isValidValue(type, value)
}

const isUuid = (value: Json): boolean =>
  typeof value === 'string' &&
  /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[0-5][a-fA-F0-9]{3}-[089aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}$/.test(value)

/** Whether a massaged attribute passes MispAttribute::beforeValidate and $validate. */
export function isValid(env: ModelEnv, attribute: JsonMap): boolean {
  const { type, value, distribution, uuid, event_id } = attribute
  if (typeof type !== 'string' || isEmpty(type) || isArray(value)) return false
  if (!isEmpty(attribute.object_id) && isEmpty(attribute.object_relation)) return false
  if (event_id !== undefined && !isNumeric(event_id)) return false
  if (!isValueValid(type, phpString(value ?? null))) return false
  if (!categoryTypes.get(idText(attribute.category))?.has(type)) return false
  if (!['0', '1', '2', '3', '4', '5'].includes(phpString(distribution ?? null))) return false
  if (uuid !== undefined && !isEmpty(uuid) && !isUuid(uuid)) return false
  const isNew = env.world.attributeRow(attribute.id) === null
  if (isNew && typeof uuid === 'string' && env.world.attributeByUuid(uuid) !== null) return false
  // valueIsUnique spares deleted attributes and those of objects.
  return (
    !isEmpty(attribute.deleted) || !isEmpty(attribute.object_relation) || env.world.attributeByValue(attribute) === null
  )
}
