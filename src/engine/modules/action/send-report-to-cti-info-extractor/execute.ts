import { extractData, getFilters, getItemsMatchingCondition } from '../../../conditions/conditions.ts'
import { CannotTell } from '../../../effects/cannot-tell.ts'
import { isEmpty, values } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { aiIsOff, reportsOf, selectReports } from '../../shared/ai.ts'
import { rememberAttributes } from '../../shared/attributes.ts'
import { nodeData, offset, offsetOrNull } from '../../shared/params.ts'

/** Module_send_report_to_CTIInfoExtractor::exec: true whatever becomes of the reports. */
export const execute: Execute = function* (ctx) {
  rememberAttributes(ctx)
  const data = ctx.getData()
  yield* ctx.params()
  const { selector, value, operator, path } = getFilters(nodeData(ctx.node))
  const extracted = extractData(data, selector)
  if (extracted === false) return false
  const items = getItemsMatchingCondition(extracted, value, operator, path, ctx.profile)
  const on = !isEmpty(ctx.settings['Plugin.CTIInfoExtractor_enable'] ?? null)
  for (const _report of values(offsetOrNull(offset(items, 'Event'), 'EventReport'))) {
    if (!on || isEmpty(ctx.settings['Plugin.CTIInfoExtractor_url'] ?? null)) {
      ctx.addError('LLM Feature disabled or no URL provided')
      continue
    }
    throw new CannotTell('AI_UNKNOWN', 'What the CTI Info Extractor makes of a report is not known to Retrace.')
  }
  return true
}

/** Module_ai_summarize_report::exec. */
const summarise: Execute = (ctx) => {
  rememberAttributes(ctx)
  const items = selectReports(ctx)
  if (items === false) return false
  const reports = reportsOf(items, 'id')
  if (reports.length === 0) return true
  if (aiIsOff(ctx)) return false
  throw new CannotTell('AI_UNKNOWN', 'What the AI module writes about a report is not known to Retrace.')
}

export const versions = { '2.5-newest': { execute: summarise } }
