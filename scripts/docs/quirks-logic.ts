import { single } from './quirk.ts'
import type { Quirk } from './quirk.ts'

const yes = /^.+ {2}true/
const no = /^.+ {2}false/

export const logicQuirks: readonly Quirk[] = [
  {
    module: 'tag-if',
    title: 'Tags are compared letter by letter',
    text: 'The event has `tlp:red`.',
    runs: [single('tag-if', { params: { scope: 'event', condition: 'in_or', tags: ['TLP:RED'] }, prints: no })]
  },
  {
    module: 'tag-if',
    title: '`in_and` counts how often a tag is found',
    text:
      'With the scope `event_attribute` each attribute brings the tags of its event along. Three attributes find `tlp:red` three times, which is not the list in which it stands once: the condition is false, ' +
      'and true for the scope `event`. `in_or` takes both.',
    runs: [
      single('tag-if', { params: { scope: 'event_attribute', condition: 'in_and', tags: ['tlp:red'] }, prints: no }),
      single('tag-if', { params: { scope: 'event', condition: 'in_and', tags: ['tlp:red'] }, prints: yes })
    ]
  },
  {
    module: 'tag-if',
    title: 'The scope `attribute` does not see tags of the event',
    runs: [single('tag-if', { params: { scope: 'attribute', condition: 'in_or', tags: ['tlp:red'] }, prints: no })]
  },
  {
    module: 'tag-if',
    title: 'One tag that is not in a list aborts the run',
    text: 'The editor saves a list. A node from elsewhere that has a text instead is a TypeError; PHP 7.4, which 2.4 runs on, only warned and found nothing.',
    runs: [
      single('tag-if', {
        params: { scope: 'event', condition: 'in_or', tags: 'tlp:red' },
        prints: /threw TypeError: array_merge\(\)/
      }),
      single('tag-if', { params: { scope: 'event', condition: 'in_or', tags: 'tlp:red' }, in: '2.4.177', prints: no })
    ]
  },
  {
    module: 'generic-if',
    title: '`equals` and `not_equals` know no `{n}`, and both are false',
    text: 'They read the path by `Hash::get`, which goes by names and places only. `in` reads it by `Hash::extract`.',
    runs: [
      ...(['equals', 'not_equals'] as const).map((operator) =>
        single('generic-if', {
          params: { value: '32100', operator, hash_path: 'Event.Attribute.{n}.id' },
          prints: no
        })
      ),
      single('generic-if', {
        params: { value: '32100', operator: 'in', hash_path: 'Event.Attribute.{n}.id' },
        prints: yes
      })
    ]
  },
  {
    module: 'generic-if',
    title: '`in` looks among what is found, not inside a text',
    text: 'The info of the event is “Ongoing incident at a utility”.',
    runs: [single('generic-if', { params: { value: 'incident', operator: 'in', hash_path: 'Event.info' }, prints: no })]
  },
  {
    module: 'count-if',
    title: 'Without a selector it counts the keys of the whole data',
    text: 'The data has one key, `Event`.',
    runs: [single('count-if', { params: { selector: '', operator: 'equals', value: '1' }, prints: yes })]
  },
  {
    module: 'threat-level-if',
    title: 'A higher threat has a lower number',
    text: 'The event has level 2, Medium. It is greater than or equal to 3, Low, and less than or equal to 1, High.',
    runs: [
      single('threat-level-if', { params: { condition: 'greater_or_equal_than', threatlevel: '3' }, prints: yes }),
      single('threat-level-if', { params: { condition: 'less_or_equal_than', threatlevel: '1' }, prints: yes })
    ]
  },
  {
    module: 'organisation-if',
    title: 'A node that was saved with a list is false in 2.4.177',
    text: 'There the module compares one id. The other way round, a node of 2.4.177 works in the newer versions.',
    runs: [
      single('organisation-if', { params: { org_type: 'orgc', condition: 'in', org_id: ['2'] }, prints: yes }),
      single('organisation-if', {
        params: { org_type: 'orgc', condition: 'in', org_id: ['2'] },
        in: '2.4.177',
        prints: no
      }),
      single('organisation-if', { params: { org_type: 'orgc', condition: 'equals', org_id: '2' }, prints: yes })
    ]
  },
  {
    module: 'distribution-if',
    title: 'In 2.4.177 an empty choice of sharing groups equals none',
    text: 'The event has distribution 1 and no sharing group, and is asked for distribution 4.',
    runs: [
      single('distribution-if', {
        params: { scope: 'event', condition: 'equals', distribution: '4', sharing_group_id: [] },
        in: '2.4.177',
        prints: yes
      }),
      single('distribution-if', {
        params: { scope: 'event', condition: 'equals', distribution: '4', sharing_group_id: [] },
        in: '2.4.198',
        prints: no
      })
    ]
  },
  {
    module: 'generic-filter-data',
    title: 'The filter is only noted',
    text: 'The data keeps everything, gets the note, and once a copy of itself. What reads the data next applies the filter.',
    runs: [
      single('generic-filter-data', {
        params: {
          'filtering-label': 'A',
          selector: 'Event._AttributeFlattened.{n}',
          operator: 'in',
          value: 'url',
          hash_path: 'type'
        },
        more: '--convert',
        prints: /added {4}_unfilteredData[\s\S]*added {4}enabledFilters/,
        not: /removed/
      })
    ]
  },
  {
    module: 'generic-filter-data',
    title: 'A selector that finds texts aborts the run since 2.5.19',
    text: 'Before, the node itself went well, and whatever read the data next failed.',
    runs: (['2.5.1', '2.5.19'] as const).map((profile) =>
      single('generic-filter-data', {
        params: { 'filtering-label': 'A', selector: 'Event.info', operator: 'in', value: 'url', hash_path: 'type' },
        more: '--convert',
        in: profile,
        prints: profile === '2.5.1' ? yes : /threw TypeError: Hash::extract\(\)/
      })
    )
  },
  {
    module: 'generic-filter-reset',
    title: 'Removing all filters where there is none empties the data',
    text: 'It starts again from the copy that the first filter made. There is none, so the event is gone.',
    runs: [
      single('generic-filter-reset', {
        params: { 'filtering-label': 'all' },
        prints: /removed {2}Event[\s\S]*enabledFilters/
      })
    ]
  },
  {
    module: 'generic-filter-reset',
    title: 'Removing one label where there is none aborts the run',
    runs: [
      single('generic-filter-reset', {
        params: { 'filtering-label': 'A' },
        prints: /threw TypeError: WorkflowRoamingData::setData\(\)/
      })
    ]
  },
  {
    module: 'filter-tag',
    title: 'It notes two filters, and none for its old default',
    text: 'Attributes stand in two places of the data, so there are the labels A and A_2. The scope `event`, the default of older nodes, filters nothing.',
    runs: [
      single('filter-tag', {
        params: { 'filtering-label': 'A', scope: 'event_attribute', condition: 'in_or', tags: ['tlp:red'] },
        more: '--convert',
        in: '2.5-newest',
        prints: /enabledFilters: A, A_2/
      }),
      single('filter-tag', {
        params: { 'filtering-label': 'A', scope: 'event', condition: 'in_or', tags: ['tlp:red'] },
        more: '--convert',
        in: '2.5-newest',
        prints: yes,
        not: /enabledFilters/
      })
    ]
  },
  {
    module: 'filter-timestamp',
    title: '`since` takes a time as a number only',
    text: '`30d`, which the other operators take and which is the default, is false.',
    runs: [
      single('filter-timestamp', {
        params: { 'filtering-label': 'A', target: 'attribute', operator: 'since', value: '30d' },
        more: '--convert',
        in: '2.5-newest',
        prints: no
      }),
      single('filter-timestamp', {
        params: { 'filtering-label': 'A', target: 'attribute', operator: 'since', value: '1729497600' },
        more: '--convert',
        in: '2.5-newest',
        prints: yes
      })
    ]
  },
  {
    module: 'aggregate_comparator_if',
    title: 'The smallest of nothing aborts the run',
    runs: [
      single('aggregate_comparator_if', {
        params: {
          aggregation_path: 'Event.Attribute.{n}.nothing',
          aggregation_type: 'min',
          operator: 'equals',
          value: '0'
        },
        in: '2.5-newest',
        prints: /threw ValueError: min\(\)/
      })
    ]
  },
  {
    module: 'aggregate_comparator_if',
    title: 'Texts are added as the number that they begin with',
    text: 'Of the three values only the IP address begins with one: 198.51.',
    runs: [
      single('aggregate_comparator_if', {
        params: {
          aggregation_path: 'Event.Attribute.{n}.value',
          aggregation_type: 'sum',
          operator: 'equals',
          value: '198.51'
        },
        in: '2.5-newest',
        prints: yes
      })
    ]
  },
  {
    module: 'aggregate_comparator_if',
    title: 'How it evaluates `greater` is not known',
    text: 'Retrace says so instead of guessing.',
    runs: [
      single('aggregate_comparator_if', {
        params: {
          aggregation_path: 'Event.Attribute.{n}.value',
          aggregation_type: 'count',
          operator: 'greater',
          value: '1'
        },
        in: '2.5-newest',
        prints: /cannot tell/
      })
    ]
  }
]
