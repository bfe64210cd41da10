import { at, isEmpty } from '../../../php/values.ts'
import { say } from '../../../../contract/sentence.ts'
import type { WorldChange } from '../../../../contract/run.ts'
import type { Explain } from '../../../../contract/modules.ts'
import { defineTrigger } from '../../define.ts'
import type { TriggerFacts } from '../../facts.ts'

export const definition = defineTrigger({
  id: 'event-publish',
  name: 'Event Publish',
  description: 'This trigger is called just before a MISP Event starts the publishing process',
  icon: 'upload',
  blocking: true,
  scope: 'event',
  misp_core_format: true
})

export const facts: TriggerFacts = {
  // Event::publish, EventsController::publish and alert, EventShell::publish.
  refused: {
    not: 'The event was not published.',
    but: (data, changes) =>
      isEmpty(at(at(data, 'Event') ?? null, 'published') ?? null)
        ? 'It stays unpublished and goes to no other server. “Publish Event” (not “Publish (no email)”) sends its alert mails before the workflow runs. With background jobs (MISP’s default) the person sees “Job queued”, and the job and MISP’s log say “published” all the same: the stop text is only in the log entry “Publishing stopped by a blocking workflow”. Without background jobs the person sees it.'
        : `It came in as published (added, edited, pulled or pushed): ${kept(changes)}, and may have sent its alert mails, but it goes to no other server. The stop text is only in MISP’s log entry “Publishing stopped by a blocking workflow”; nobody is shown it.`
  },
  silent: null
}

/** Whatever changes an event unpublishes it (Event::unpublishEvent). */
function kept(changes: readonly WorldChange[] | null): string {
  if (changes === null) return 'MISP keeps it marked as published, unless a node of the workflow changed it'
  const unpublished = changes.some(
    (change) => change.op === 'changed' && change.table === 'events' && isEmpty(change.fields['published']?.[1] ?? true)
  )
  return unpublished
    ? 'MISP had it marked as published until a node of this workflow changed it, which unpublished it'
    : 'MISP keeps it marked as published'
}

export const explain: Explain = () =>
  say`Runs immediately, inside the operation, just before an event is published: blocking here prevents the publishing.`
