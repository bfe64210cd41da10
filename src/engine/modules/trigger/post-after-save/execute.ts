import type { JsonMap } from '../../../../contract/json.ts'
import { convert } from '../../../format/workflow-format.ts'
import { isEmpty } from '../../../php/values.ts'
import { offset } from '../../shared/params.ts'
import type { Normalize } from '../../shared/trigger-data.ts'

/** The post keeps its own format; the event of its thread is added in core format. */
export const normalize: Normalize = (data, world, profile) => {
  if (isEmpty(data.Post)) return false
  const thread = world.thread(offset(data.Post, 'thread_id'))
  const withThread: JsonMap = { ...data, Thread: thread ?? [] }
  if (thread === null || isEmpty(thread.event_id)) return withThread
  const event = world.eventRow(thread.event_id)
  return { ...withThread, Event: convert(event === null ? {} : { Event: event }, world, profile).Event ?? null }
}
