import type { Json } from '../../../../contract/json.ts'
import { get } from '../../../hash/hash.ts'
import { phpInt } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isArray, isEmpty } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'

/** Module_organisation_if::convertOperators: operators of version 0.1. */
function convertOperator(operator: Json): Json {
  if (looseEquals(operator, 'equals')) return 'in'
  return looseEquals(operator, 'not_equals') ? 'not_in' : operator
}

/** Module_organisation_if::exec. Without an organisation in the data the id is 0 (`intval(null) ?? -1`). */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { org_type = '', condition = '', org_id = '' } = yield* ctx.params()
  const chosen = isEmpty(org_id) ? [] : org_id
  const selected = isArray(chosen) ? chosen : [chosen]
  const path = looseEquals(org_type, 'orgc') ? 'Event.orgc_id' : 'Event.org_id'
  const organisation = phpInt(get(data, path, null))
  return evaluateCondition(selected, convertOperator(condition), organisation)
}
