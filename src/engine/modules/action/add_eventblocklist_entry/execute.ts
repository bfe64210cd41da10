import { get } from '../../../hash/hash.ts'
import { isEmpty } from '../../../php/values.ts'
import { addBlocklistEntry } from '../../../world/models/blocklist.ts'
import type { Execute } from '../../context.ts'
import { offset } from '../../shared/params.ts'

/** Module_add_eventblocklist_entry::exec: true even when the entry is refused (no UUID, already listed). */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { uuid_hash_path = '', eventinfo_hash_path = '', block_comment = '' } = yield* ctx.params()
  const organisation = ctx.world.organisation(offset(offset(data, 'Event'), 'orgc_id'))
  const name = organisation?.name ?? null
  addBlocklistEntry(ctx, {
    event_uuid: get(data, uuid_hash_path),
    event_info: get(data, eventinfo_hash_path),
    // MISP's own spelling.
    event_orgc: isEmpty(name) ? 'unkwown' : name,
    comment: block_comment
  })
  return true
}
