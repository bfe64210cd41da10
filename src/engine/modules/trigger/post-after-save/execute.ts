import type { JsonMap } from '../../../../contract/json.ts'
import { convert } from '../../../format/workflow-format.ts'
import { isEmpty } from '../../../php/values.ts'
import { offset } from '../../shared/params.ts'
import type { Normalize } from '../../shared/trigger-data.ts'

/** The post keeps its own format; the event of its thread is added in core format. */
const withThread: Normalize = (data, world, profile) => {
  const thread = world.thread(offset(data.Post, 'thread_id'))
  const both: JsonMap = { ...data, Thread: thread ?? [] }
  if (thread === null || isEmpty(thread.event_id)) return both
  const event = world.eventRow(thread.event_id)
  return { ...both, Event: convert(event === null ? {} : { Event: event }, world, profile).Event ?? null }
}

export const normalize: Normalize = (data, world, profile) =>
  isEmpty(data.Post) ? false : withThread(data, world, profile)

/** Older versions do not look whether there is a post. */
export const versions = { '2.4.177': { normalize: withThread } }
