import type { Quirk } from './quirk.ts'

const note = (type: string): string =>
  JSON.stringify({
    Note: { object_type: type, object_uuid: 'dadf3ef2-1cf4-477c-aa22-f2d1179bde5e', note: 'seen again' }
  })

export const triggerQuirks: readonly Quirk[] = [
  {
    module: 'analyst-data-after-save',
    title: 'A note on an object is an error of the database',
    text: 'The trigger asks for a column of another table, so that a workflow never starts for analyst data of objects.',
    runs: [
      {
        command: `echo '${note('Object')}' | npx misp-retrace normalize analyst-data-after-save --data - --profile 2.5-newest`,
        prints: /^error MISP_FAILS: PDOException.*Unknown column 'Attribute\.uuid'/
      }
    ]
  },
  {
    module: 'event-publish',
    title: 'A block keeps the event unpublished only with this trigger',
    text: 'The same workflow with a trigger that does not block ends as “blocked”, too, and stops nothing.',
    runs: [
      {
        command: 'npx misp-retrace run examples/workflow.json --data examples/event.json',
        prints: /^ {2}The event was not published\.$/m,
        only: /^blocked|The event was not published/
      },
      {
        command: 'npx misp-retrace run examples/workflow.json --data examples/event.json --as event-after-save',
        prints: /MISP’s operation was not affected/,
        only: /^blocked|operation was not affected/
      }
    ]
  },
  {
    module: 'event-after-save',
    title: 'The event comes without its attributes and objects',
    text: 'A condition on attributes finds none in MISP. A run of Retrace says so where the given data has them.',
    runs: [
      {
        command: 'npx misp-retrace normalize event-after-save --data examples/event.json',
        prints:
          /^assumed: MISP hands this trigger the event without its attributes and objects; here they are in it\.$/m,
        only: /attributes and objects/
      }
    ]
  },
  {
    module: 'event-before-save',
    title: '2.4.177 does not have it',
    runs: [
      {
        command: 'npx misp-retrace normalize event-before-save --data examples/event.json --profile 2.4.177',
        prints: /^error TRIGGER_UNKNOWN: MISP 2\.4\.177 has no trigger/
      }
    ]
  },
  {
    module: 'user-before-save',
    title: 'There is no id yet',
    text: 'MISP asks before it saves.',
    runs: [
      {
        command: `echo '{"User":{"email":"analyst@example.org"}}' | npx misp-retrace normalize user-before-save --data -`,
        prints: /"email": "analyst@example\.org"/,
        not: /"id"/
      }
    ]
  },
  {
    module: 'log-after-save',
    title: 'The log entry comes as it is, not in core format',
    text: 'There is no `Event` in the data: hash paths begin with `Log`.',
    runs: [
      {
        command: `echo '{"Log":{"id":"5","title":"Login","action":"login","model":"User"}}' | npx misp-retrace normalize log-after-save --data -`,
        prints: /^\{\n {4}"Log": \{/,
        not: /Event/
      }
    ]
  }
]
