import { convert } from '../../../format/workflow-format.ts'
import { isEmpty } from '../../../php/values.ts'
import { offset } from '../../shared/params.ts'
import { fetchAttribute, quickEvent, withAttribute } from '../../shared/trigger-data.ts'
import type { Normalize } from '../../shared/trigger-data.ts'

export const normalize: Normalize = (data, world, profile) => {
  if (isEmpty(data.Sighting)) return false
  const rows = quickEvent(world, offset(offset(data.Sighting, 'Event'), 'id'))
  const attribute = fetchAttribute(world, offset(offset(data.Sighting, 'Attribute'), 'id'), profile)
  return convert(withAttribute(rows, attribute), world, profile)
}
