// What MISP does to an attribute before it is saved, and when it refuses it (MispAttribute::beforeValidateMassage, beforeValidate,
// $validate; AttributeValidationTool). Values that came out of MISP's database pass unchanged; the rules matter for data that was changed on
// the way.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isNumeric, phpString } from '../../php/cast.ts'
import { phpError } from '../../php/exceptions.ts'
import { formatIpv6, parseIpv6 } from '../addresses.ts'
import { isComposite } from '../columns.ts'
import { idText, isEmpty, isPhpArray, read, valuesOf, type MutableMap } from '../maps.ts'
import { timeText, type ModelEnv } from './env.ts'
import { acceptsValue } from './value-rules.ts'

const lowercase = new Set(
  'md5 sha1 sha224 sha256 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 ja3-fingerprint-md5 jarm-fingerprint hassh-md5 hasshserver-md5 hostname pehash authentihash vhash imphash telfhash tlsh anonymised cdhash email email-src email-dst target-email whois-registrant-email dom-hash onion-address'.split(
    ' '
  )
)
function normalizeIp(value: string): string {
  const [address, range] = value.split('/', 2) as [string, string | undefined]
  const groups = address.indexOf(':') > 0 ? parseIpv6(address) : null
  const shown = groups === null ? address : formatIpv6(groups)
  if (range === undefined) return shown
  const single = (range === '32' && value.indexOf('.') > 0) || (range === '128' && value.indexOf(':') > 0)
  return single ? shown : `${shown}/${range}`
}

/** AttributeValidationTool::modifyBeforeValidation. */
function modifyValue(type: string, value: string): string {
  if (lowercase.has(type)) return value.toLowerCase()
  if (type === 'ip-src' || type === 'ip-dst') return normalizeIp(value)
  if (type === 'domain') return value.toLowerCase().replace(/^\.+|\.+$/g, '')
  if (type.startsWith('filename|')) {
    const at = value.indexOf('|')
    return type === 'filename|ssdeep' || at < 0 ? value : value.slice(0, at) + value.slice(at).toLowerCase()
  }
  if (type === 'http-method' || type === 'hex' || type === 'vulnerability' || type === 'weakness')
    return value.replaceAll('–', '-').toUpperCase()
  if (type.startsWith('x509-fingerprint-')) return value.replaceAll(':', '').toLowerCase()
  return value
}

/** Four-byte characters become "?": MISP's columns are three-byte UTF-8. */
const threeBytes = (value: string): string => value.replace(/[\u{10000}-\u{10ffff}]/gu, '?')

/** MispAttribute::beforeValidateMassage. */
export function massage(env: ModelEnv, given: JsonMap): JsonMap {
  const attribute: MutableMap = { ...given }
  if (isEmpty(attribute.value) && !isEmpty(attribute.value1)) {
    const second = isEmpty(attribute.value2) ? '' : `|${phpString(attribute.value2 as Json)}`
    attribute.value = phpString(attribute.value1 as Json) + second
  }
  const type = idText(attribute.type)
  if (isPhpArray(attribute.value)) {
    throw phpError('TypeError', 'trim(): Argument #1 ($string) must be of type string, array given')
  }
  attribute.value = modifyValue(type, threeBytes(phpString(attribute.value ?? null).trim()))
  // empty() also holds for the comment "0".
  if (isEmpty(attribute.comment)) attribute.comment = ''
  if (typeof attribute.uuid === 'string' && attribute.uuid !== '') attribute.uuid = attribute.uuid.toLowerCase()
  if (isEmpty(attribute.timestamp)) attribute.timestamp = timeText(env)
  if (attribute.first_seen === '') attribute.first_seen = null
  if (attribute.last_seen === '') attribute.last_seen = null
  if (attribute.distribution === undefined || attribute.distribution === null)
    attribute.distribution = defaultDistribution(env)
  if (idText(attribute.distribution) !== '4') attribute.sharing_group_id = 0
  if (attribute.to_ids === undefined || attribute.to_ids === null) attribute.to_ids = false
  return attribute
}

function defaultDistribution(env: ModelEnv): Json {
  const setting = env.settings['MISP.default_attribute_distribution']
  return setting === undefined || setting === null || setting === 'event' ? 5 : setting
}

function isValueValid(type: string, value: string): boolean {
  if (value.trim() === '') return false
  if (isComposite(type) && value.split('|').length !== 2) return false
  return acceptsValue(type, value)
}

/** MispAttribute::validateTypeValue, for a world that has MISP's describeTypes; without it any type fits any category. */
function fitsCategory(env: ModelEnv, type: string, category: Json | undefined): boolean {
  const described = env.world.data.describe_types as Json | undefined
  const mappings = read(read(described, 'result') ?? described, 'category_type_mappings')
  return mappings === undefined || valuesOf(read(mappings, idText(category))).includes(type)
}

const isUuid = (value: Json): boolean =>
  typeof value === 'string' &&
  /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[0-5][a-fA-F0-9]{3}-[089aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}$/.test(value)

/** Whether a massaged attribute passes MispAttribute::beforeValidate and $validate. */
export function isValid(env: ModelEnv, attribute: JsonMap): boolean {
  const { type, value, distribution, uuid, event_id } = attribute
  if (typeof type !== 'string' || isEmpty(type) || isPhpArray(value)) return false
  if (!isEmpty(attribute.object_id) && isEmpty(attribute.object_relation)) return false
  if (event_id !== undefined && !isNumeric(event_id)) return false
  if (!isValueValid(type, phpString(value ?? null)) || !fitsCategory(env, type, attribute.category)) return false
  if (!['0', '1', '2', '3', '4', '5'].includes(phpString(distribution ?? null))) return false
  if (uuid !== undefined && !isEmpty(uuid) && !isUuid(uuid)) return false
  const isNew = env.world.attributeRow(attribute.id) === null
  if (isNew && typeof uuid === 'string' && env.world.attributeByUuid(uuid) !== null) return false
  // valueIsUnique spares deleted attributes and those of objects.
  return (
    !isEmpty(attribute.deleted) || !isEmpty(attribute.object_relation) || env.world.attributeByValue(attribute) === null
  )
}
