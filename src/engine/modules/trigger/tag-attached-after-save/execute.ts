import { convert } from '../../../format/workflow-format.ts'
import { isEmpty } from '../../../php/values.ts'
import { offset } from '../../shared/params.ts'
import { looseEquals } from '../../../php/compare.ts'
import { dig } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { quickEvent, withAttribute } from '../../shared/trigger-data.ts'
import type { Normalize } from '../../shared/trigger-data.ts'

export const normalize: Normalize = (data, world, profile) => {
  if (isEmpty(data.Tag)) return false
  const rows = quickEvent(world, offset(data.Tag, 'event_id'))
  const attributeId = offset(data.Tag, 'attribute_id')
  if (isEmpty(attributeId)) return convert(rows, world, profile)
  return convert(withAttribute(rows, world.fetchAttribute(attributeId) ?? {}), world, profile)
}

/** Module_tag_attached_after_save::exec, on the trigger's raw data: scope, locality and tag of its parameters. */
export const execute: Execute = function* (ctx) {
  const tag = offset(ctx.getData(), 'Tag')
  const { scope = '', locality = '', tag: wanted = '' } = yield* ctx.params()
  const ofAttribute = !isEmpty(dig(tag, 'attribute_id'))
  if (looseEquals(scope, 'attribute') ? !ofAttribute : looseEquals(scope, 'event') && ofAttribute) return false
  const local = !isEmpty(dig(tag, 'local'))
  if (looseEquals(locality, 'local') ? !local : looseEquals(locality, 'global') && local) return false
  return isEmpty(wanted) || looseEquals(offset(tag, 'name'), wanted)
}
