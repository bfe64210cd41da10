import type { Json, JsonMap } from '../../../../contract/json.ts'
import { extractData, filtersEnabled, getFilters, getItemsMatchingCondition } from '../../../conditions/conditions.ts'
import { CannotTell } from '../../../effects/cannot-tell.ts'
import { get } from '../../../hash/hash.ts'
import { phpString } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { phpException } from '../../../php/exceptions.ts'
import { expectArray, isEmpty, values } from '../../../php/values.ts'
import { dateText } from '../../../world/models/env.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { rememberAttributes } from '../../shared/attributes.ts'
import { nodeData, offset } from '../../shared/params.ts'

const places: readonly (readonly [target: string, path: string])[] = [
  ['Attribute', 'Event._AttributeFlattened'],
  ['EventReport', 'Event.EventReport'],
  ['Object', 'Event.Object'],
  ['GalaxyCluster', 'Event.GalaxyCluster']
]

/** What gets analyst data: false when Hash throws. Without a filter and for events, the values of the whole data. */
function targetsOf(ctx: ModuleContext, data: JsonMap, target: Json): Json {
  const node = nodeData(ctx.node)
  if (filtersEnabled(node)) {
    const { selector, value, operator, path } = getFilters(node)
    const extracted = extractData(data, selector)
    return extracted === false ? false : getItemsMatchingCondition(extracted, value, operator, path, ctx.profile)
  }
  if (looseEquals(target, 'Event')) return data
  const found = places.find(([name]) => looseEquals(target, name))
  return found === undefined ? data : get(data, found[1], null)
}

interface Kind {
  readonly type: string
  readonly table: string
  readonly method: string
  readonly fields: readonly string[]
}

const kinds: readonly Kind[] = [
  { type: 'Note', table: 'notes', method: '__addNotes', fields: ['language', 'note'] },
  { type: 'Opinion', table: 'opinions', method: '__addOpinions', fields: ['opinion', 'comment'] },
  {
    type: 'Relationship',
    table: 'relationships',
    method: '__addRelationships',
    fields: ['relationship_type', 'related_object_type', 'related_object_uuid']
  }
]

/** Validation::uuid of CakePHP. */
const uuidPattern = /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[0-5][a-fA-F0-9]{3}-[089aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}$/

const nobody = "SQLSTATE[23000]: Integrity constraint violation: 1048 Column 'org_uuid' cannot be null"

/** AnalystData::beforeValidate and beforeSave: everything is in the name of the user who caused the run. */
function save(ctx: ModuleContext, { table }: Kind, row: JsonMap): void {
  const user = ctx.initiator()
  if (user === null) throw phpException('PDOExceptionWithQueryString', nobody)
  const organisation = ctx.world.organisation(user['org_id'] ?? null)?.['uuid'] ?? ''
  const when = dateText(ctx)
  ctx.world.insertAnalystData(table, {
    uuid: ctx.uuid(),
    authors: user['email'] ?? '',
    org_uuid: organisation,
    orgc_uuid: organisation,
    created: when,
    modified: when,
    locked: '0',
    ...row
  })
}

/** MISP fires analyst-data-after-save for what is saved here; how is not known. */
function noteFiring(ctx: ModuleContext): void {
  const trigger = 'analyst-data-after-save'
  if (!ctx.isListenedTo(trigger)) return
  const text = `A workflow listens to ${trigger}; how MISP fires it when a workflow adds analyst data is not known to Retrace.`
  throw new CannotTell('TRIGGER_FIRING_UNKNOWN', text)
}

/** Module_add_analyst_data::exec. True as soon as one thing has a uuid, whatever becomes of the saving. */
export const execute: Execute = function* (ctx) {
  rememberAttributes(ctx)
  const data = ctx.getData()
  const params = yield* ctx.params()
  const { target = '', analyst_data_type: type = '', distribution = '' } = params
  const items = targetsOf(ctx, data, target)
  if (items === false) return false
  const kind = kinds.find((one) => looseEquals(type, one.type))
  if (kind === undefined) return false
  const found = values(expectArray(items, `Module_add_analyst_data::${kind.method}(): Argument #1 ($matchingItems)`))
  const isGroup = looseEquals(distribution, 4)
  let success = false
  for (const item of found) {
    const uuid = offset(item, 'uuid')
    if (typeof uuid !== 'string' || !uuidPattern.test(uuid)) continue
    success = true
    // Relationship::beforeValidate refuses a thing that is related to itself.
    if (kind.type === 'Relationship' && looseEquals(uuid, params['related_object_uuid'] ?? '')) continue
    const own = Object.fromEntries(kind.fields.map((name) => [name, params[name] ?? '']))
    save(ctx, kind, {
      object_uuid: uuid,
      object_type: phpString(target),
      distribution,
      // MISP's condition is the wrong way round, and its model drops the group of every other distribution.
      sharing_group_id: isGroup ? '0' : null,
      ...own
    })
    noteFiring(ctx)
  }
  return success && !isEmpty(found)
}
