import { CannotTell } from '../../../effects/cannot-tell.ts'
import { phpInt } from '../../../php/cast.ts'
import { isEmpty } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { aiIsOff, reportsOf, selectReports } from '../../shared/ai.ts'
import { rememberAttributes } from '../../shared/attributes.ts'
import { offsetOrNull } from '../../shared/params.ts'

/** Module_ai_extract_indicators::exec: reports without a uuid, and deleted ones, are left out. */
export const execute: Execute = (ctx) => {
  rememberAttributes(ctx)
  const items = selectReports(ctx)
  if (items === false) return false
  const reports = reportsOf(items, 'uuid').filter(
    (report) => !isEmpty(offsetOrNull(report, 'uuid')) && isEmpty(offsetOrNull(report, 'deleted'))
  )
  const ids = [
    offsetOrNull(offsetOrNull(ctx.getData(), 'Event'), 'id'),
    ...reports.map((report) => offsetOrNull(report, 'event_id'))
  ]
  if (reports.length === 0 || ids.every((id) => phpInt(id) === 0)) return true
  if (aiIsOff(ctx)) return false
  throw new CannotTell('AI_UNKNOWN', 'What the AI module reads out of a report is not known to Retrace.')
}
