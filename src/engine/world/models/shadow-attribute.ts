// MISP's ShadowAttribute model: accepting and discarding proposals.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { looseEquals } from '../../php/compare.ts'
import { phpException } from '../../php/exceptions.ts'
import type { Gen } from '../../effects/signals.ts'
import { isEmpty, at, withoutKeys, type MutableMap } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import { saveAttribute } from './attribute.ts'
import { timeText, type ModelEnv } from './env.ts'
import { touchEvent, unlockProposals } from './event.ts'

/** ShadowAttribute::setDeleted: true as soon as the proposal exists, also when a workflow prevents the saving. */
function* setDeleted(env: ModelEnv, id: Json | undefined): Gen<boolean> {
  const row = env.world.shadowAttribute(id)
  if (row === null) return false
  const fields = { deleted: true, timestamp: timeText(env) }
  const { success } = yield* env.fire('shadow-attribute-before-save', {
    ShadowAttribute: { ...row, deleted: 1, timestamp: env.now() }
  })
  if (success) env.world.updateShadowAttribute(idText(row.id), fields)
  return true
}

const changedByProposal = ['value', 'type', 'category', 'comment', 'to_ids', 'first_seen', 'last_seen']

/** MispAttribute::deleteAttribute, soft. */
function* deleteAttribute(env: ModelEnv, attribute: JsonMap | null): Gen<void> {
  if (attribute === null) throw phpException('NotFoundException', 'Invalid attribute')
  yield* saveAttribute(env, { ...attribute, deleted: true, timestamp: timeText(env) }, false)
  yield* touchEvent(env, attribute.event_id)
}

function* acceptEdit(env: ModelEnv, shadow: JsonMap): Gen<void> {
  // The live attribute is looked for by the proposal's own uuid. When there is none, MISP saves a record without an id.
  const active = typeof shadow.uuid === 'string' ? env.world.attributeByUuid(shadow.uuid) : null
  if (!isEmpty(shadow.proposal_to_delete)) yield* deleteAttribute(env, active)
  else {
    const record: MutableMap = { ...(active ?? {}), timestamp: timeText(env) }
    for (const field of changedByProposal) record[field] = shadow[field] ?? null
    yield* saveAttribute(env, withoutKeys(record, ['value1', 'value2']), false)
  }
  yield* setDeleted(env, shadow.id)
  yield* touchEvent(env, active?.event_id, true)
}

function* acceptNew(env: ModelEnv, shadow: JsonMap): Gen<void> {
  const event = env.world.eventRow(shadow.event_id)
  const attribute = withoutKeys(shadow, ['email', 'org_id', 'id', 'old_id', 'value1', 'value2'])
  yield* saveAttribute(env, { ...attribute, distribution: 5 }, true)
  yield* setDeleted(env, shadow.id)
  const isOwn = looseEquals(at(env.user, 'org_id') ?? null, event?.orgc_id ?? null)
  yield* touchEvent(env, shadow.event_id, isOwn)
}

/** ShadowAttribute::acceptProposal, which always succeeds. */
export function* acceptProposal(env: ModelEnv, shadow: JsonMap): Gen<boolean> {
  if (looseEquals(shadow.old_id ?? null, 0)) yield* acceptNew(env, shadow)
  else yield* acceptEdit(env, shadow)
  return true
}

/** ShadowAttribute::discardProposal: false when there is no such open proposal. */
export function* discardProposal(env: ModelEnv, shadow: JsonMap): Gen<boolean> {
  const row = env.world.shadowAttribute(shadow.id)
  if (row === null || row.deleted === true) return false
  yield* setDeleted(env, row.id)
  const event = env.world.eventRow(row.event_id)
  if (event !== null && looseEquals(at(env.user, 'org_id') ?? null, event.orgc_id ?? null)) {
    yield* unlockProposals(env, event.id)
  }
  return true
}
