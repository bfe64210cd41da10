// MispAttribute::save() for a new attribute that did not come out of MISP's database: defaults of its type, and the whole of
// MISP's validation.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { phpBool, phpString, trim, utf8Length } from '../../php/cast.ts'
import { looseEquals } from '../../php/compare.ts'
import { isArray, isEmpty } from '../../php/values.ts'
import type { Gen } from '../../effects/signals.ts'
import { saveAttribute } from '../../world/models/attribute.ts'
import type { ModuleContext } from '../context.ts'
import { attributeTypes, categoryTypes, isComposite } from '../../world/models/attribute-types.ts'
import { isValidValue, modifyValue, refang } from '../../world/models/attribute-validation.ts'
import { offsetOrNull } from './params.ts'

/** MispAttribute::defaultDistribution. */
export function defaultDistribution(ctx: ModuleContext): Json {
  const setting = ctx.settings['MISP.default_attribute_distribution'] ?? null
  return setting === null || setting === 'event' ? '5' : phpString(setting)
}

/** MispAttribute::beforeValidate and beforeValidateMassage: the row as it would be stored, null where MISP refuses at once. */
function prepare(ctx: ModuleContext, given: JsonMap): JsonMap | null {
  const read = (key: string): Json => offsetOrNull(given, key)
  const type = phpString(read('type'))
  const defaults = attributeTypes.get(type)
  if (defaults === undefined || isArray(read('value'))) return null
  if (!isEmpty(read('object_id')) && isEmpty(read('object_relation'))) return null
  const distribution = phpString(read('distribution') ?? defaultDistribution(ctx))
  const value = modifyValue(type, refang(type, trim(phpString(read('value')))))
  return {
    event_id: phpString(read('event_id')),
    object_id: phpString(read('object_id') ?? '0'),
    object_relation: read('object_relation'),
    category: isEmpty(read('category')) ? defaults.category : phpString(read('category')),
    type,
    value,
    to_ids: read('to_ids') === null ? defaults.toIds : phpBool(read('to_ids')),
    uuid: isEmpty(read('uuid')) ? ctx.uuid() : phpString(read('uuid')).toLowerCase(),
    timestamp: isEmpty(read('timestamp')) ? String(ctx.now()) : phpString(read('timestamp')),
    distribution,
    sharing_group_id: looseEquals(distribution, 4) ? phpString(read('sharing_group_id') ?? '0') : '0',
    comment: isEmpty(read('comment')) ? '' : phpString(read('comment')),
    deleted: phpBool(read('deleted')),
    disable_correlation: phpBool(read('disable_correlation')),
    first_seen: read('first_seen') === '' ? null : read('first_seen'),
    last_seen: read('last_seen') === '' ? null : read('last_seen')
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-[089ab][0-9a-f]{3}-[0-9a-f]{12}$/
const onlyControls = /^[\x00-\x1f\x7f]+$/

/** MispAttribute::$validate for a new attribute. */
function isValid(ctx: ModuleContext, row: JsonMap): boolean {
  const text = (key: string): string => phpString(row[key] ?? '')
  const [type, value] = [text('type'), text('value')]
  if (!categoryTypes.get(text('category'))?.has(type)) return false
  if (value === '' || onlyControls.test(value) || utf8Length(value) > 65535) return false
  if (isComposite(type) && value.split('|').length !== 2) return false
  if (!isValidValue(type, value) || !/^[0-5]$/.test(text('distribution'))) return false
  if (!uuidPattern.test(text('uuid')) || ctx.world.attributeByUuid(text('uuid')) !== null) return false
  const unique = isEmpty(row['deleted']) && isEmpty(row['object_relation'])
  return !unique || ctx.world.attributeByValue(row) === null
}

/** Saves a new attribute. Null when MISP's validation refuses it, else its id. */
export function* saveNewAttribute(ctx: ModuleContext, given: JsonMap): Gen<string | null> {
  const row = prepare(ctx, given)
  if (row === null || !isValid(ctx, row)) return null
  return yield* saveAttribute(ctx, row, true)
}
