import { single } from './quirk.ts'
import type { Quirk } from './quirk.ts'

const yes = /^.+ {2}true/
const no = /^.+ {2}false/
const tooFew = /threw ArgumentCountError: Too few arguments/

export const actionQuirks: readonly Quirk[] = [
  {
    module: 'tag_operation',
    title: 'The roaming data does not get the tag before 2.5.19',
    text: 'The tag is in the database, and a condition behind this node does not see it until the event is reloaded. Since 2.5.19 the data gets it.',
    runs: (['2.5.1', '2.5.19'] as const).map((profile) =>
      single('tag_operation', {
        params: { scope: 'event', action: 'add', locality: 'local', tags: ['tlp:amber'] },
        in: profile,
        prints: profile === '2.5.1' ? /event_tags added[\s\S]*the data is unchanged/ : /added {4}Event\.Tag tlp:amber/
      })
    )
  },
  {
    module: 'tag_operation',
    title: 'Removing asks for the locality, too',
    text: 'The event has `tlp:red` as a global tag. Removing it as a local one removes nothing, and the node fails.',
    runs: [
      single('tag_operation', {
        params: { scope: 'event', action: 'remove', locality: 'local', tags: ['tlp:red'] },
        prints: no
      }),
      single('tag_operation', {
        params: { scope: 'event', action: 'remove', locality: 'any', tags: ['tlp:red'] },
        prints: /event_tags removed/
      })
    ]
  },
  {
    module: 'tag_replacement_tlp',
    title: 'It aborts the run since 2.5.19, as soon as a tag is to change',
    text: 'It hands too few arguments to the method that adds tags.',
    runs: (['2.5.1', '2.5.19'] as const).map((profile) =>
      single('tag_replacement_tlp', {
        params: { scope: 'event', remove_substituted: '1', locality: 'local' },
        in: profile,
        prints: profile === '2.5.1' ? yes : tooFew
      })
    )
  },
  {
    module: 'assign_country',
    title: 'It aborts the run since 2.5.19, also without a country',
    text: 'The event has no enrichment, so there is nothing to assign. Before, the node failed, and nothing else happened.',
    runs: (['2.5.1', '2.5.19'] as const).map((profile) =>
      single('assign_country', {
        params: { scope: 'event', hash_path: 'enrichment.{n}.{n}.values.0', locality: 'local' },
        in: profile,
        prints: profile === '2.5.1' ? no : tooFew
      })
    )
  },
  {
    module: 'stop-execution',
    title: 'The message “0” counts as none',
    runs: [single('stop-execution', { params: { message: '0' }, prints: /error {4}Execution stopped/ })]
  },
  {
    module: 'stop-execution',
    title: 'In 2.4.177 it has no message',
    runs: (['2.5.1', '2.4.177'] as const).map((profile) =>
      single('stop-execution', {
        params: { message: 'Not published: {{ Event.info }}' },
        in: profile,
        prints: profile === '2.5.1' ? /Not published: Ongoing incident at a utility/ : /error {4}Execution stopped/
      })
    )
  },
  {
    module: 'enrich-event',
    title: 'The roaming data becomes another event before 2.5.19',
    text:
      'It ends with the event as it is fetched, not brought into core format: attributes stand beside `Event`, not in it, and `_AttributeFlattened` is gone. Conditions and actions behind it find nothing. ' +
      'Since 2.5.19 the data is in core format again.',
    runs: [
      single('enrich-event', {
        params: { modules: ['dns'] },
        more: '--convert',
        prints: /added {4}Attribute:[\s\S]*removed {2}Event\._AttributeFlattened/,
        only: /added {4}Attribute:|_AttributeFlattened/
      }),
      single('enrich-event', {
        params: { modules: ['dns'] },
        more: '--convert',
        in: '2.5.19',
        prints: yes,
        not: /_AttributeFlattened/
      })
    ]
  },
  {
    module: 'attach-enrichment',
    title: 'Attributes of a type that the module does not take are left out without a word',
    text: 'hashlookup takes hashes, and the event has none.',
    runs: [
      single('attach-enrichment', {
        params: { modules: ['hashlookup'] },
        more: '--convert',
        prints: /^.+ {2}true[\s\S]*the data is unchanged/
      })
    ]
  },
  {
    module: 'add_eventblocklist_entry',
    title: 'It says that it succeeded when it added nothing',
    text: 'The path finds no UUID, so there is no entry.',
    runs: [
      single('add_eventblocklist_entry', {
        params: { uuid_hash_path: 'Event.nothing', eventinfo_hash_path: 'Event.info', block_comment: 'Blocked' },
        prints: yes,
        not: /event_blocklists/
      })
    ]
  },
  {
    module: 'proposal-action',
    title: 'It says that it succeeded where there is no proposal',
    runs: [
      single('proposal-action', {
        params: { action: 'accept', proposal_type: 'all' },
        more: '--convert',
        prints: /^.+ {2}true[\s\S]*the data is unchanged/
      })
    ]
  },
  {
    module: 'run-workflow',
    title: 'A workflow that there is not is an Exception',
    text: 'The node fails; the run goes on as after any node that failed.',
    runs: [
      single('run-workflow', {
        params: { workflows: ['adhoc_3 :: Clean up'], input_data: 'nothing' },
        in: '2.5-newest',
        prints: /threw NotFoundException: Invalid workflow/
      })
    ]
  },
  {
    module: 'add_analyst_data',
    title: 'Where nobody started the workflow, saving fails',
    text: 'Analyst data belongs to the organisation of whoever caused the run. A background job has nobody.',
    runs: [
      single('add_analyst_data', {
        params: {
          target: 'Event',
          analyst_data_type: 'Note',
          distribution: '0',
          sharing_group_id: [],
          author: 'a',
          language: 'en',
          note: 'n'
        },
        in: '2.5-newest',
        prints: /threw PDOException.*'org_uuid' cannot be null/
      })
    ]
  },
  {
    module: 'notify-user-toast',
    title: 'Where nobody started the workflow, it aborts the run',
    runs: [
      single('notify-user-toast', {
        params: { variant: 'info', toast_header: 'Published', toast_body: 'It was published.' },
        in: '2.5-newest',
        prints: /threw TypeError: User::checkIfUserIsValid\(\)/
      })
    ]
  },
  {
    module: 'tag_cve_from_enrichment',
    title: 'It always reports that a URL is missing',
    text: 'It is made from the webhook, which runs first and finds no URL.',
    runs: [
      single('tag_cve_from_enrichment', {
        params: { locality: 'local', add_vulnerability_ttp: '1' },
        more: '--convert',
        in: '2.5-newest',
        prints: /error {4}URL not provided\./
      })
    ]
  },
  ...(['send-report-to-cti-info-extractor', 'ai-extract-indicators'] as const).map((module) => ({
    module,
    title: 'Without a report it succeeds and does nothing',
    runs: [single(module, { params: {}, in: '2.5-newest', prints: /^.+ {2}true[\s\S]*the data is unchanged/ })]
  })),
  {
    module: 'flowintel-create-case',
    title: 'What it sends is not known',
    text: 'Retrace says so instead of guessing. Without a URL or a key it fails before it sends anything.',
    runs: [
      single('flowintel-create-case', {
        params: { url: 'https://flowintel.example', apikey: 'KEY', 'create-reference': 'yes', 'case-name': 'A case' },
        in: '2.5-newest',
        prints: /cannot tell/
      }),
      single('flowintel-create-case', {
        params: { url: '', apikey: '', 'create-reference': 'yes', 'case-name': 'A case' },
        in: '2.5-newest',
        prints: /error {4}No URL or API Key/
      })
    ]
  }
]
