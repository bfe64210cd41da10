import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { Sentence } from '../../../../src/contract/sentence.ts'
import { profileIds } from '../../../../src/engine/profiles/profiles.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'

const explained = (id: string, params: JsonMap = {}, filters: JsonMap = {}): Sentence | undefined => {
  const definition = modulesOf('2.5.1').byId(id)
  return modulesOf('2.5.1').explain(definition?.module_type ?? '', id)?.({ params, filters })
}
const say = (id: string, params: JsonMap = {}, filters: JsonMap = {}): string =>
  explained(id, params, filters)?.text ?? ''

const tagNames = 'Event.Tag.{n}.name'
const conditions: readonly (readonly [title: string, params: JsonMap, sentence: string])[] = [
  [
    'equals on a path with {n}',
    { operator: 'equals', hash_path: tagNames, value: 'tlp:red' },
    'Never true: `equals` reads a single value, but the path has {n}.'
  ],
  [
    'not_equals on a path with {n}',
    { operator: 'not_equals', hash_path: tagNames, value: 'tlp:red' },
    'Never true: `not_equals` reads a single value, but the path has {n}.'
  ],
  [
    'in',
    { operator: 'in', hash_path: tagNames, value: 'tlp:red' },
    'True when `tlp:red` is among the values at `Event.Tag.{n}.name`.'
  ],
  [
    'in through a list without {n}',
    { operator: 'in', hash_path: 'Event.Tag.name', value: 'tlp:red' },
    'Never true: Tag is a list, so `Event.Tag.name` finds nothing; `Event.Tag.{n}.name` would.'
  ],
  [
    'not_in through a list without {n}',
    { operator: 'not_in', hash_path: 'Event.Tag.name', value: 'tlp:red' },
    'Always true: Tag is a list, so `Event.Tag.name` finds nothing; `Event.Tag.{n}.name` would.'
  ],
  [
    'a number that is compared loosely',
    { operator: 'equals', hash_path: 'Event.threat_level_id', value: '1' },
    'True when the value at `Event.threat_level_id` is `1`; compared as a number, so `1.0` matches too. False when it is missing or a list.'
  ],
  [
    'any_value',
    { operator: 'any_value', hash_path: tagNames },
    'True when `Event.Tag.{n}.name` finds anything at all, even empty values.'
  ],
  [
    'any_value without a path',
    { operator: 'any_value' },
    'Always true: no hash path is set, so the whole data is read, and that is not empty.'
  ],
  [
    'in_or',
    { operator: 'in_or', hash_path: tagNames, value_list: ['a', 'b'] },
    'True when `a` or `b` is among the values at `Event.Tag.{n}.name`.'
  ],
  [
    'in_or without a list',
    { operator: 'in_or', hash_path: tagNames, value_list: 'a' },
    'Never true: `in_or` needs a list and Value list is the text `a`.'
  ],
  [
    'in_or with no list set',
    { operator: 'in_or', hash_path: tagNames },
    'Never true: `in_or` needs a list and Value list is not set.'
  ],
  [
    'in_and, which this module gives a text',
    { operator: 'in_and', hash_path: tagNames, value: 'a' },
    'Never true: `in_and` needs a list and Value is the text `a`.'
  ],
  [
    'an unknown operator',
    { operator: 'contains', hash_path: tagNames, value: 'a' },
    'Never true: `contains` is not an operator MISP knows.'
  ]
]

describe('explain of IF :: Generic', () => {
  it.each(conditions)('names what happens with %s', (_title, params, sentence) => {
    expect(say('generic-if', params)).toBe(sentence)
  })
})

const others: readonly (readonly [id: string, params: JsonMap, filters: JsonMap, part: string])[] = [
  ['tag-if', { tags: [] }, {}, 'Never true: the list of tags is empty.'],
  ['tag-if', { tags: ['a', 'b'], condition: 'in_and' }, {}, 'a value found twice makes it false'],
  ['tag-if', { tags: 'a' }, {}, 'Aborts the run with a TypeError'],
  ['threat-level-if', {}, {}, 'Never true: the threat level is the text `Low`'],
  ['threat-level-if', { condition: 'greater_or_equal_than' }, {}, 'Always true: the threat level is the text `Low`'],
  ['threat-level-if', { threatlevel: '2' }, {}, 'True when the event’s threat level is Medium (id 2).'],
  [
    'count-if',
    { selector: tagNames, operator: 'greater', value: '3' },
    {},
    `True when \`${tagNames}\` finds more than 3.`
  ],
  [
    'count-if',
    { selector: tagNames, operator: 'less', value: '' },
    {},
    'Never true, whatever is counted: no Value is set.'
  ],
  [
    'count-if',
    { selector: tagNames, operator: 'greater', value: '' },
    {},
    'Always true, whatever is counted: no Value is set.'
  ],
  ['organisation-if', { org_id: [] }, {}, 'Never true: no organisation is chosen.'],
  ['organisation-if', { condition: 'not_equals', org_id: '3' }, {}, 'is not the organisation with ID `3`'],
  ['distribution-if', {}, {}, 'Only the first attribute of the event is checked'],
  [
    'generic-filter-data',
    { selector: 'Event._AttributeFlattened.{n}', operator: 'in', hash_path: 'Tag.name', value: 'x' },
    {},
    'keeps nothing: Tag is a list, so `Tag.name` finds nothing; `Tag.{n}.name` would.'
  ],
  [
    'generic-filter-data',
    { selector: 'Event.info', operator: 'in', value: 'x' },
    {},
    'the next access to the data is a TypeError'
  ],
  ['generic-filter-reset', { 'filtering-label': 'B' }, {}, 'Removes filter `B` and all others'],
  ['concurrent-task', {}, {}, 'they cannot block the operation'],
  ['webhook', {}, {}, 'Sends nothing and fails: no URL is set.'],
  [
    'webhook',
    { url: 'https://example.org', request_method: 'get' },
    {},
    'Sends GET to `https://example.org` without a body'
  ],
  ['webhook', { url: 'https://example.org', headers: 'Authorization: secret' }, {}, 'and the header Authorization;'],
  ['webhook', { url: 'https://example.org', request_method: 'patch' }, {}, 'aborts the run with an Error'],
  ['webhook', { url: 'https://example.org' }, {}, 'Needs `Security.rest_client_enable_arbitrary_urls`.'],
  ['ms-teams-webhook', { url: 'u', data_extraction_path: 'Event.info' }, {}, '`Event.info` is ignored.'],
  ['splunk-hec-export', { url: 'u', hec_token: 't' }, {}, 'Never sends anything'],
  ['proposal-action', {}, {}, 'Changes nothing: the proposal type `all` matches no proposal.'],
  ['stop-execution', { message: '' }, {}, 'with the message `Execution stopped`'],
  [
    'tag_operation',
    { tags: ['a', 'b'], scope: 'attribute', action: 'remove', locality: 'any' },
    { selector: 'Event._AttributeFlattened.{n}', value: 'ip-src', operator: 'equals', path: 'type' },
    'Removes the tags `a` and `b` from the attributes of `Event._AttributeFlattened.{n}` where `type` equals `ip-src`'
  ],
  // The end of a path decides as much as its beginning: it is whole.
  [
    'tag_operation',
    { tags: ['a'], scope: 'attribute', action: 'add', locality: 'local' },
    {
      ...{ selector: 'Event._AttributeFlattened.{n}', value: 'position', operator: 'in' },
      path: 'enrichment.{n}.Object.{n}[name=bgp-ranking].Attribute.{n}[object_relation=position][value<50].object_relation'
    },
    'where `enrichment.{n}.Object.{n}[name=bgp-ranking].Attribute.{n}[object_relation=position][value<50].object_relation` contains'
  ],
  ['Module_event_distribution_operation', { distribution: '4' }, {}, 'which the database refuses'],
  [
    'tag-attached-after-save',
    { tag: 'tlp:red', scope: 'any' },
    {},
    'the local tag `tlp:red` was attached to an event or attribute'
  ]
]

describe('explain', () => {
  it.each(others)('of %s with %j', (id, params, filters, part) => {
    expect(say(id, params, filters)).toContain(part)
  })

  it('has one text for every module, whatever is saved in its parameters', () => {
    const odd: readonly Json[] = [
      null,
      '',
      '0',
      0,
      7,
      true,
      [],
      ['a', null],
      { a: { b: 1 } },
      '{{ x }}',
      'x'.repeat(5000)
    ]
    for (const profile of profileIds) {
      const table = modulesOf(profile)
      const { modules_trigger, modules_logic, modules_action } = table.list()
      const adHoc = table.find('trigger', 'adhoc_1')
      for (const { id, module_type, params: known } of [
        ...[...modules_trigger, ...modules_logic, ...modules_action],
        ...(adHoc ? [adHoc] : [])
      ])
        for (const value of odd) {
          const params = Object.fromEntries(known.map((param) => [param.id, value]))
          const sentence =
            table.explain(module_type, id)?.({ params, filters: { selector: value, operator: value } }).text ?? ''
          expect(sentence, `${profile} ${id}`).toMatch(/^\S.*[.]$/s)
          expect(sentence.length, `${profile} ${id}`).toBeLessThan(900)
          expect(sentence, `${profile} ${id}`).not.toContain('undefined')
        }
    }
  })

  it('never shows the value of a header', () => {
    expect(say('webhook', { url: 'u', headers: 'Authorization: hunter2' })).not.toContain('hunter2')
  })
})

const vectors = '../shared/vectors/modules.json'
interface ModuleCase {
  readonly id: string
  readonly module_id: string
  readonly params: Json
  readonly filters?: Json
  readonly exception?: JsonMap
  readonly result: JsonMap
}

describe.skipIf(!existsSync(vectors))('explain, held against what MISP answered', () => {
  it('says never and always only where MISP did so', () => {
    const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { cases: readonly ModuleCase[] }
    const wrong: string[] = []
    for (const { id, module_id, params, exception, result } of cases) {
      if (!modulesOf('2.5.1').byId(module_id)) continue
      const verdict = explained(module_id, Array.isArray(params) ? {} : (params as JsonMap))?.verdict
      if (verdict === 'never' && !exception && result.success !== false) wrong.push(id)
      if (verdict === 'always' && (exception || result.success !== true)) wrong.push(id)
    }
    expect(wrong).toEqual([])
  })
})
