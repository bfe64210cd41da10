import type { Json } from '../../../../contract/json.ts'
import { convert } from '../../../format/workflow-format.ts'
import { isEmpty } from '../../../php/values.ts'
import { offset } from '../../shared/params.ts'
import { quickEvent, withPart } from '../../shared/trigger-data.ts'
import type { Normalize } from '../../shared/trigger-data.ts'

export const normalize: Normalize = (data, world, profile) => {
  if (isEmpty(data.EventReport)) return false
  const rows = quickEvent(world, offset(data.EventReport, 'event_id'))
  return convert(withPart(rows, 'EventReport', [data.EventReport as Json]), world, profile)
}
