import type { Json } from '../../../../contract/json.ts'
import { get } from '../../../hash/hash.ts'
import { phpInt } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isArray, isEmpty } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'
import { say, termed } from '../../../../contract/sentence.ts'
import { foundAt, listOf, operatorWords, settings } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'

/** Module_organisation_if::convertOperators: operators of version 0.1. */
function convertOperator(operator: Json): Json {
  if (looseEquals(operator, 'equals')) return 'in'
  return looseEquals(operator, 'not_equals') ? 'not_in' : operator
}

const pathOf = (type: Json): string => (looseEquals(type, 'orgc') ? 'Event.orgc_id' : 'Event.org_id')

/** Module_organisation_if::exec. Without an organisation in the data the id is 0 (`intval(null) ?? -1`). */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { org_type = '', condition = '', org_id = '' } = yield* ctx.params()
  const chosen = isEmpty(org_id) ? [] : org_id
  const selected = isArray(chosen) ? chosen : [chosen]
  const path = pathOf(org_type)
  const organisation = phpInt(get(data, path, null))
  return evaluateCondition(selected, convertOperator(condition), organisation, ctx.profile)
}

export const reason: Reasoning = ({ org_type = '', condition = '', org_id = '' }, data) => {
  const path = pathOf(org_type)
  const found = get(data, path, null)
  const chosen = listOf(org_id)
  const among = chosen.some((id) => looseEquals(id, found))
  const compared =
    chosen.length === 0
      ? 'and no organisation is chosen'
      : say`which is ${among ? '' : 'not '}one of ${settings('org_id', chosen)}`
  const because = say`${termed(path)} is ${foundAt(path, found)}, ${compared}${operatorWords('condition', condition)}`
  return { path, operator: condition, value: chosen, found, because }
}

/** Version 0.1 compares one organisation. */
const compareOne: Execute = function* (ctx) {
  const { org_type = '', condition = '', org_id = '' } = yield* ctx.params()
  const organisation = phpInt(get(ctx.getData(), pathOf(org_type), null))
  return evaluateCondition(organisation, condition, org_id, ctx.profile)
}

export const versions = { '2.4.177': { execute: compareOne } }
