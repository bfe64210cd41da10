import type { Json, JsonMap } from '../../../../contract/json.ts'
import { phpInt, phpString } from '../../../php/cast.ts'
import { inArray } from '../../../php/compare.ts'
import { phpException } from '../../../php/exceptions.ts'
import { isArray, isEmpty, isSet, withKey } from '../../../php/values.ts'
import { extractData, filtersEnabled, getFilters, getItemsMatchingCondition } from '../../../conditions/conditions.ts'
import type { Gen } from '../../../effects/signals.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { pushZmq } from '../push-zmq/execute.ts'
import { buildLookup } from '../../shared/lookup.ts'
import { saveOldResults, saveStandardResults } from '../../shared/enrichment.ts'
import { listedModules, moduleConfig, queryEnrichment } from '../../shared/modules-service.ts'
import { reloadRoamingData } from '../../shared/reload.ts'
import { each, nodeData, offset, offsetOrNull } from '../../shared/params.ts'

interface Enriching {
  /** The event as MISP's method holds it: `{Event, Attribute}` when attributes were chosen, else all of fetchEvent. */
  readonly event: JsonMap
  readonly eventId: Json
  readonly module: JsonMap
}

/**
 * Module::getEnabledModules for the workflow's user: listed and `Plugin.Enrichment_<name>_enabled`. Null when there is none.
 */
function enabledModules(ctx: ModuleContext): readonly JsonMap[] | null {
  const listed = listedModules(ctx, 'Enrichment')
  if (listed === null) return null
  const enabled = listed.filter((module) => {
    const setting = `Plugin.Enrichment_${phpString(module['name'] ?? '')}`
    if (isEmpty(ctx.settings[`${setting}_enabled`])) return false
    const restricted = ctx.settings[`${setting}_restrict`] ?? null
    const free = !isEmpty(offset(offset(ctx.user, 'Role'), 'perm_site_admin')) || isEmpty(restricted)
    return free || phpString(restricted) === phpString(offset(ctx.user, 'org_id'))
  })
  return enabled.length === 0 ? null : enabled
}

/** MispAttribute::fetchAttributes by uuid: attributes rows in the database's order of columns, read along the index of uuids. */
function attributesByUuid(ctx: ModuleContext, uuids: Json): Json[] {
  const wanted = new Set(each(uuids).map(([, uuid]) => phpString(uuid)))
  return [...wanted]
    .toSorted()
    .map((uuid) => ctx.world.attributeByUuid(uuid))
    .filter((row) => row !== null && isEmpty(row['deleted'])) as Json[]
}

/** Event::fetchEvent with `flatten`: attributes of objects stand among the others, by id, and there are no objects. */
function flattenedEvent(ctx: ModuleContext, eventId: Json): JsonMap | null {
  const fetched = ctx.world.fetchEvent(eventId)
  if (fetched === null) return null
  const { Object: objects = null, ...event } = fetched
  const below = each(objects).flatMap(([, object]) => each(offset(object, 'Attribute')))
  const all = [...each(offset(fetched, 'Attribute')), ...below].map(([, attribute]) => attribute)
  return { ...event, Attribute: all.toSorted((a, b) => phpInt(offset(a, 'id')) - phpInt(offset(b, 'id'))) }
}

/** What the trigger gets to see of an attribute: with its object, as Event::fetchInitialObject reads it. */
function withObject(ctx: ModuleContext, attribute: Json): Json {
  const row = ctx.world.objectRow(offset(attribute, 'object_id'))
  if (row === null || !isArray(attribute) || !isEmpty(row['deleted'])) return attribute
  const { id = null, uuid = null, name = null, distribution = null, sharing_group_id = null } = row
  return withKey(attribute, 'Object', { id, uuid, name, distribution, sharing_group_id })
}

function bodyOf(ctx: ModuleContext, { eventId, module }: Enriching, attribute: Json): JsonMap {
  const config = moduleConfig(ctx.settings, module)
  const common: JsonMap = {
    module: module['name'] ?? null,
    event_id: eventId,
    attribute_uuid: offset(attribute, 'uuid'),
    ...(isEmpty(config) ? {} : { config })
  }
  if (isStandard(module)) return { ...common, attribute }
  return withKey(common, phpString(offset(attribute, 'type')), offset(attribute, 'value')) as JsonMap
}

const isStandard = (module: Json): boolean => offset(offset(module, 'mispattributes'), 'format') === 'misp_standard'

/** One attribute asked from the module, and what it answered saved. The number of attributes that were added. */
function* enrichAttribute(ctx: ModuleContext, enriching: Enriching, attribute: Json): Gen<number> {
  const { event, eventId, module } = enriching
  const name = phpString(module['name'] ?? '')
  const body = bodyOf(ctx, enriching, attribute)
  const triggerData = withKey(event, 'Attribute', [withObject(ctx, attribute)]) as JsonMap
  const reply = yield* queryEnrichment(ctx, { family: 'Enrichment', body }, triggerData)
  if (reply === false) throw phpException('MethodNotAllowedException', `${name} service not reachable.`)
  if (!isArray(reply)) return 0
  if (!isSet(reply, 'results') && ctx.profile.resultsRequired) {
    const text = `Invalid response received from module ${name}, response data do not contains results field.`
    throw phpException('RuntimeException', text)
  }
  const results = offsetOrNull(reply, 'results')
  const source = { eventId: phpString(eventId), attribute, module: name }
  return yield* isStandard(module) ? saveStandardResults(ctx, results, source) : saveOldResults(ctx, results, source)
}

/** Event::enrichment. Null where it returns true: no service, or no module enabled. */
function* enrichment(ctx: ModuleContext, eventId: Json, moduleName: Json, uuids: Json | null): Gen<number | null> {
  if (isEmpty(eventId)) throw phpException('MethodNotAllowedException', 'event_id not set')
  const event = isEmpty(uuids)
    ? flattenedEvent(ctx, eventId)
    : { Event: { id: eventId }, Attribute: attributesByUuid(ctx, uuids) }
  if (event === null) throw phpException('MethodNotAllowedException', 'Invalid event.')
  const modules = enabledModules(ctx)
  if (modules === null) return null
  let added = 0
  for (const attribute of event['Attribute'] as readonly Json[]) {
    for (const module of modules) {
      if (!inArray(module['name'] ?? null, [moduleName])) continue
      const types = offset(offset(module, 'mispattributes'), 'input')
      if (!isArray(types) || !inArray(offset(attribute, 'type'), types)) continue
      added += yield* enrichAttribute(ctx, { event, eventId: offset(offset(event, 'Event'), 'id'), module }, attribute)
    }
  }
  return added
}

/** The uuids that the node's filter chooses; null: all attributes. False: nothing to do, with the module's answer. */
function chosenUuids(ctx: ModuleContext, data: JsonMap): { readonly uuids: Json | null } | boolean {
  const node = nodeData(ctx.node)
  const { selector, value, operator, path } = getFilters(node)
  const found = extractData(data, selector)
  if (found === false) return false
  const items = getItemsMatchingCondition(found, value, operator, path, ctx.profile)
  if (isEmpty(items)) return filtersEnabled(node) ? true : { uuids: null }
  const uuids = extractData(items, '{n}.uuid')
  return uuids === false ? false : { uuids }
}

/**
 * Module_enrich_event::exec: the enrichment is saved in the database, and the roaming data becomes the event as it is fetched
 * there, not in core format. Without an enabled module only a warning is pushed, and that is a success.
 */
const enrich = (reloads: boolean): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    buildLookup(data)
    const { modules = '' } = yield* ctx.params()
    if (isEmpty(modules)) {
      ctx.addError('No enrichmnent module selected')
      return false
    }
    const eventId = offset(offset(data, 'Event'), 'id')
    const chosen = chosenUuids(ctx, data)
    if (typeof chosen === 'boolean') return chosen
    const added = yield* enrichment(ctx, eventId, modules, chosen.uuids)
    if (added === null) {
      const text = 'Error while trying to reach enrichment service or no module available'
      yield* pushZmq(ctx, { Warning: text, 'Attribute added': 0 })
      if (reloads) reloadRoamingData(ctx)
      return true
    }
    yield* pushZmq(ctx, { 'Enriching event': eventId, 'Attribute added': added })
    if (reloads) reloadRoamingData(ctx)
    else ctx.setData(ctx.world.fetchEvent(eventId) ?? (null as unknown as JsonMap))
    return true
  }

export const execute = enrich(false)
/** Newer versions end with the event in core format, also when nothing was added. */
export const versions = { '2.5.19': { execute: enrich(true) } }
