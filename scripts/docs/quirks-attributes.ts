import { single } from './quirk.ts'
import type { Quirk } from './quirk.ts'

const later = '--convert --now 2026-01-31T12:00:00Z'
const domain = /Event\.Attribute domain|_AttributeFlattened domain/

export const attributeQuirks: readonly Quirk[] = [
  {
    module: 'attribute_ids_flag_operation',
    title: 'Any action that is not `remove` sets the flag',
    text: 'A node that says `toggle` sets it, whatever it was. The three attributes have the flag, and keep it.',
    runs: [
      single('attribute_ids_flag_operation', {
        params: { action: 'toggle' },
        more: later,
        prints: /^.+ {2}true/,
        not: /to_ids/,
        only: domain
      })
    ]
  },
  {
    module: 'attribute_ids_flag_operation',
    title: 'Attributes lose their timestamp in the data, or get a new one',
    text: 'Up to 2.5.1 the roaming data has no timestamp of them afterwards. Since 2.5.19 it has what saving made of them: the new timestamp and `_materialChange`.',
    runs: [
      single('attribute_ids_flag_operation', {
        params: { action: 'remove' },
        more: later,
        prints: /removed {2}Event\.Attribute domain .* timestamp/,
        only: domain
      }),
      single('attribute_ids_flag_operation', {
        params: { action: 'remove' },
        more: later,
        in: '2.5.19',
        prints: /added {4}Event\.Attribute domain .* _materialChange[\s\S]*timestamp: 1729497600 → 1769860800/,
        only: domain
      })
    ]
  },
  {
    module: 'Module_attribute_comment_operation',
    title: 'The comment is rendered once, for all attributes',
    text: 'A template cannot name the attribute that it is written to: the same text goes everywhere.',
    runs: [
      single('Module_attribute_comment_operation', {
        params: { comment: 'Of “{{ Event.info }}”' },
        more: later,
        prints:
          /domain [\s\S]*comment: an empty text → Of “Ongoing incident at a utility”[\s\S]*url [\s\S]*comment: an empty text → Of “Ongoing incident at a utility”/,
        only: /Event\.Attribute .*comment/
      })
    ]
  },
  {
    module: 'attribute_edition_operation',
    title: 'It does nothing',
    text: 'It is what the modules that edit attributes are made from, and is listed beside them.',
    runs: [
      single('attribute_edition_operation', {
        params: {},
        more: '--convert',
        prints: /^.+ {2}true[\s\S]*the data is unchanged/
      })
    ]
  },
  {
    module: 'Module_event_distribution_operation',
    title: 'A sharing group in a list is an error of the database',
    text: 'The editor’s picker saves a list. With one id as a text it works.',
    runs: [
      single('Module_event_distribution_operation', {
        params: { freeze: 'modify', distribution: '4', sharing_group_id: ['1'] },
        more: '--convert',
        prints: /threw PDOException: .*Unknown column 'Array'/
      }),
      single('Module_event_distribution_operation', {
        params: { freeze: 'modify', distribution: '4', sharing_group_id: '1' },
        more: '--convert',
        prints: /Event\.distribution: 1 → 4[\s\S]*Event\.sharing_group_id: 0 → 1/
      })
    ]
  },
  {
    module: 'attribute_distribution_operation',
    title: '2.5.1 and older do not have it',
    runs: [
      single('attribute_distribution_operation', {
        params: { distribution: '0', sharing_group_id: [] },
        more: later,
        prints: /^error MODULE_UNKNOWN/
      }),
      single('attribute_distribution_operation', {
        params: { distribution: '0', sharing_group_id: [] },
        more: later,
        in: '2.5.19',
        prints: /Event\.Attribute domain .*distribution: 5 → 0/,
        only: domain
      })
    ]
  },
  {
    module: 'attach-decay-score',
    title: 'Attributes lose their tags and galaxies in the data',
    text: 'They are replaced by their rows of the database, which have `value1` and `value2` and no `_allTags`. A condition on tags behind this node finds nothing.',
    runs: [
      single('attach-decay-score', {
        params: { decayingmodels: ['NIDS Simple Decaying Model'] },
        more: '--convert',
        prints:
          /removed {2}Event\.Attribute domain .* _allTags: tlp:red[\s\S]*added {4}Event\.Attribute domain .* value1/,
        only: domain
      })
    ]
  },
  {
    module: 'attach-warninglist',
    title: 'Without a hit the event gets an empty list of warnings',
    runs: [
      single('attach-warninglist', {
        params: { warninglists: 'ALL' },
        more: '--convert',
        prints: /added {4}Event\.warnings: \[\]/
      })
    ]
  },
  {
    module: 'add_to_warninglist',
    title: 'A list that there is not aborts the run',
    runs: [
      single('add_to_warninglist', {
        params: { warninglist: ['No such list'] },
        more: '--convert',
        prints: /threw TypeError: Unsupported operand types/
      })
    ]
  }
]
