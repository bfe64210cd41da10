import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { phpString } from '../../php/cast.ts'
import { isArray, isEmpty, isIntegerKey } from '../../php/values.ts'
import { extractData, getFilters, getItemsMatchingCondition } from '../../conditions/conditions.ts'
import type { Execute } from '../context.ts'
import { query } from '../shared/modules-service.ts'
import { nodeData, offsetOrNull } from '../shared/params.ts'
import { buildLookup } from '../shared/lookup.ts'

/** What the parameters of type hash_path select, by label; an empty path selects all data. */
function matchingData(definition: ModuleDefinition, params: JsonMap, data: Json): JsonMap {
  const paths = definition.params.filter((param) => !isEmpty(param['_isHashPath']))
  return Object.fromEntries(
    paths.map((param): [string, Json] => {
      const path = params[param.id] ?? ''
      return [phpString(param['label'] ?? ''), isEmpty(path) ? data : extractData(data, path)]
    })
  )
}

/**
 * Module_misp_module::exec, for every action module of a misp-modules service. Only a reply with an `error` fails; an
 * unreachable service is a success.
 */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  if (ctx.definition.expect_misp_core_format) buildLookup(data)
  let filtered: Json = null
  if (ctx.definition.support_filters) {
    const { selector, value, operator, path } = getFilters(nodeData(ctx.node))
    const found = extractData(data, selector)
    if (found === false) return false
    const items = getItemsMatchingCondition(found, value, operator, path, ctx.profile)
    filtered = isEmpty(items) ? data : items
  }
  const params = yield* ctx.params()
  // Hash::combine with {s} leaves out ids that PHP keeps as integers.
  const sent = Object.fromEntries(Object.entries(params).filter(([id]) => !isIntegerKey(id)))
  const matching = matchingData(ctx.definition, params, data)
  const body: JsonMap = {
    module: ctx.definition.name,
    data,
    ...(ctx.definition.support_filters ? { filteredItems: filtered } : {}),
    params: isEmpty(sent) ? [] : sent,
    ...(isEmpty(matching) ? {} : { matchingData: matching })
  }
  const reply = yield* query(ctx, { family: 'Action', body })
  const error = isArray(reply) ? offsetOrNull(reply, 'error') : null
  if (isEmpty(error)) return true
  ctx.addError(phpString(error))
  return false
}
