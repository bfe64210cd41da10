import { plainText, type Json, type JsonMap } from '../../../../contract/json.ts'
import { looseEquals } from '../../../php/compare.ts'
import { badArgument } from '../../../php/bad-argument.ts'
import { phpError } from '../../../php/exceptions.ts'
import {
  append,
  expectArray,
  filterValues,
  isArray,
  isEmpty,
  isSet,
  phpType,
  values,
  withKey
} from '../../../php/values.ts'
import type { PhpArray } from '../../../php/values.ts'
import { getMatchingItemsForAttributes } from '../../../conditions/conditions.ts'
import type { Gen } from '../../../effects/signals.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { rememberAttributes } from '../../shared/attributes.ts'
import { updateAttribute } from '../../shared/lookup.ts'
import { listedModules, moduleConfig, queryEnrichment } from '../../shared/modules-service.ts'
import { each, nodeData, offset, offsetOrNull } from '../../shared/params.ts'

const self = 'Module_attach_enrichment'

function modulesOf(value: Json): PhpArray {
  const modules = typeof value === 'string' ? [value] : value
  if (isArray(modules)) return filterValues(modules, (module) => module !== '')
  return badArgument(`array_filter(): Argument #1 ($array) must be of type array, ${phpType(modules)} given`) ?? []
}

/** The types that a module takes: `mispattributes.input`. */
const takes = (module: Json, attribute: Json): boolean => {
  const types = each(offset(offset(module, 'mispattributes'), 'input'))
  return types.some(([, type]) => looseEquals(type, offset(attribute, 'type')))
}

function bodyOf(ctx: ModuleContext, data: JsonMap, name: Json, module: Json, attribute: Json): JsonMap {
  const config = moduleConfig(ctx.settings, module)
  const common: JsonMap = {
    user: ctx.user,
    event_id: offset(offset(data, 'Event'), 'id'),
    // An empty map would go out as a list.
    config: isEmpty(config) ? { _: '_' } : config,
    module: name
  }
  if (!isEmpty(offset(offset(module, 'mispattributes'), 'format'))) return { ...common, attribute }
  const type = offset(attribute, 'type')
  return withKey(common, plainText(type), offset(attribute, 'value')) as JsonMap
}

/** Module_attach_enrichment::_queryModules: a reply without results, or none, breaks its return type. */
function resultOf(reply: Json): Json {
  const found = isArray(reply) && isSet(reply, 'error') ? reply : offset(reply, 'results')
  if (isArray(found)) return found
  const where = `${self}::_queryModules(): Return value must be of type array`
  const hint =
    reply === false
      ? 'The service did not answer, or not with JSON.'
      : 'The answer of the service holds neither results nor an error.'
  throw phpError('TypeError', `${where}, ${phpType(found)} returned`).withHint(hint)
}

function unlistedHint(name: Json, listed: readonly JsonMap[] | null): string {
  const asked = `\`${plainText(name).slice(0, 100)}\``
  if (listed === null)
    return `The Enrichment services are off or down, and this module reads what they say of ${asked}.`
  const near = listed.find((one) => plainText(one['name']).toLowerCase() === plainText(name).toLowerCase())
  const only = near ? ` ${asked} differs only in case from \`${plainText(near['name'])}\`.` : ''
  return `The Enrichment services do not list a module ${asked}.${only}`
}

/** One attribute asked from one module: the data with the result in both places. */
function* enrich(ctx: ModuleContext, data: JsonMap, name: Json, module: Json, attribute: Json): Gen<Json | null> {
  if (!isArray(module)) {
    const where = `${self}::getModuleOptions(): Argument #1 ($moduleConfig)`
    const hint = unlistedHint(name, listedModules(ctx, 'Enrichment'))
    throw phpError('TypeError', `${where} must be of type array, ${phpType(module)} given`).withHint(hint)
  }
  expectArray(attribute, `${self}::_checkIfInputSupported(): Argument #1 ($attribute)`)
  if (!takes(module, attribute)) return null
  const body = bodyOf(ctx, data, name, module, attribute)
  return resultOf(yield* queryEnrichment(ctx, { family: 'Enrichment', hover: true, body }, data))
}

/**
 * Module_attach_enrichment::exec. Each attribute is asked from each chosen module that takes its type; results (errors too)
 * are added to the attribute's `enrichment`. A module that the service does not list is a TypeError.
 */
export const execute: Execute = function* (ctx) {
  let data = ctx.getData()
  const lookup = rememberAttributes(ctx)
  const { modules = '' } = yield* ctx.params()
  if (isEmpty(modules)) {
    ctx.addError('No enrichmnent module selected')
    return false
  }
  const selected = values(modulesOf(modules))
  const listed = new Map((listedModules(ctx, 'Enrichment') ?? []).map((module) => [module['name'] ?? null, module]))
  const items = getMatchingItemsForAttributes(nodeData(ctx.node), data, ctx.profile)
  for (const attribute of values(items)) {
    for (const name of selected) {
      const result = yield* enrich(ctx, data, name, listed.get(name) ?? null, attribute)
      if (result === null) continue
      data = updateAttribute(data, lookup, offset(attribute, 'id'), (before) => {
        const enrichment = offsetOrNull(before, 'enrichment')
        const added = append(isArray(enrichment) ? enrichment : [], result)
        return withKey(isArray(before) ? before : [], 'enrichment', added)
      })
    }
  }
  ctx.setData(data)
  return true
}
