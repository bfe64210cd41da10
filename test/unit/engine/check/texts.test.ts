// What cannot work before any data is there: templates that no renderer takes, JSON that is none, paths beside what a trigger hands on.
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import type { RawWorkflow } from '../../../../src/contract/workflow.ts'
import { checkWorkflow } from '../../../../src/engine/check/check.ts'
import { templateFault } from '../../../../src/engine/jinja/check.ts'
import { workflow } from '../run/builders.ts'

const warningsOf = (graph: JsonMap, codes: readonly string[]): readonly string[] =>
  checkWorkflow(graph as unknown as RawWorkflow, { templateFault })
    .warnings.filter(({ code }) => codes.includes(code))
    .map(({ code, message }) => `${code} ${message}`)

const one = (id: string, params: JsonMap, trigger = 'event-publish'): JsonMap => workflow([{ id, params }], {}, trigger)
const webhook = (params: JsonMap): JsonMap => one('webhook', { url: 'https://h.example.org', ...params })

describe('a template that cannot work', () => {
  const bad: readonly (readonly [graph: JsonMap, told: RegExp])[] = [
    [
      webhook({ payload: '{% for a in b %}' }),
      /TemplateSyntaxError: .*endfor.*\(line 1\)\. .*the whole roaming data is sent\.$/
    ],
    [webhook({ payload: 'a\nb {{ Event.info' }), /\(line 2\)/],
    [webhook({ payload: '{{ a | nofilter }}' }), /No filter named 'nofilter'/],
    [webhook({ payload: '{{ a is notest }}' }), /No test named 'notest'/],
    [webhook({ payload: '{% include "x" %}' }), /no loader for this environment specified/],
    [webhook({ payload: '{% extends "x" %}' }), /no loader for this environment specified/],
    [webhook({ payload: '{% nope %}' }), /Encountered unknown tag 'nope'/],
    [webhook({ url: 'https://{{ x' }), /the template in `URL`.*, and the node fails\.$/],
    [one('send-mail', { mail_template_subject: '{{ ( }}' }), /the template in `Mail template subject`/],
    [one('telegram-send-alert', { message_body_template: '{% endfor %}' }), /`Message Body Template`/],
    [one('stop-execution', { message: '{{ }}' }), /`Stop message`/],
    [one('Module_attribute_comment_operation', { comment: '{{ a b }}' }), /cannot be rendered/]
  ]
  it.each(bad.map(([graph, told], i) => [i, graph, told] as const))('is found (%i)', (_i, graph, told) => {
    const found = warningsOf(graph, ['TEMPLATE_INVALID'])
    expect(found.length).toBe(1)
    expect(found[0]).toMatch(told)
  })

  it('tells nothing of a secret that it stands in', () => {
    const [told] = warningsOf(webhook({ headers: 'Authorization: {{ s3cret token }}' }), ['TEMPLATE_INVALID'])
    expect(told).toContain('TemplateSyntaxError')
    expect(told).not.toMatch(/s3cret|token/)
  })

  it('is none that depends on the data, and none in a parameter that is not rendered', () => {
    const fine = [
      '{{ Event.nope.x }}',
      '{{ 1/0 }}',
      '{% if a %}{% include "x" %}{% endif %}',
      '{# {{ #}',
      '{% raw %}{{{% endraw %}'
    ]
    for (const payload of fine) expect(warningsOf(webhook({ payload }), ['TEMPLATE_INVALID'])).toEqual([])
    expect(warningsOf(webhook({ content_type: '{{ x' }), ['TEMPLATE_INVALID'])).toEqual([])
  })
})

describe('a text that is no JSON', () => {
  it.each([
    ['{"a": 1', 7],
    ["{'a': 1}", 1],
    ['{"a": "b"c"}', 9],
    ['[1, 2,]', 6],
    ['hello', 0],
    ['{"a" 1}', 5],
    ['{} x', 3]
  ])('is found where it stops being it: %s', (payload, at) => {
    expect(warningsOf(webhook({ payload, content_type: 'json' }), ['JSON_INVALID'])).toEqual([
      `JSON_INVALID Node 2 (Webhook): \`Payload (leave empty for roaming data)\` is no valid JSON (character ${at}), so MISP sends it as one JSON string.`
    ])
  })

  it('is none in a form, in a template, in JSON, and where nothing is set', () => {
    for (const params of [
      { payload: '{a', content_type: 'form' },
      { payload: '{"a": {{ x }}}' },
      { payload: '{"a": [1]}' },
      { payload: '' }
    ] satisfies readonly JsonMap[])
      expect(warningsOf(webhook(params as JsonMap), ['JSON_INVALID'])).toEqual([])
  })

  it('is found in the model of Splunk, too', () => {
    const graph = one('splunk-hec-export', { url: 'https://s', hec_token: 'x', data_extraction_model: '{a: 1}' })
    expect(warningsOf(graph, ['JSON_INVALID'])[0]).toMatch(/is no valid JSON \(character 1\), so the node fails\.$/)
  })
})

describe('advice about a path', () => {
  const codes = ['CONDITION_NEVER', 'CONDITION_ALWAYS', 'MODULE_DOES_NOTHING']
  const generic = (hash_path: string, trigger: string, operator = 'equals'): JsonMap =>
    one('generic-if', { hash_path, operator, value: 'x' }, trigger)

  it.each([
    ['Tag.name', 'tag-attached-after-save', /is the event, and Tag is not in it \(.*parameter `tag`/],
    ['Tag.{n}.name', 'event-publish', /Tag is not in it/],
    ['Attribute.value', 'attribute-after-save', /Attribute is not in it/],
    ['Object.name', 'object-after-save', /Object is not in it/],
    ['Sighting.type', 'sighting-after-save', /Sighting is not in it/],
    ['EventReport.name', 'event-report-after-save', /EventReport is not in it/],
    ['info', 'event-after-save', /info is not in it/],
    ['Orgc.name', 'event-after-save-new', /Orgc is not in it/]
  ])('names what the trigger has: %s of %s', (path, trigger, told) => {
    for (const operator of ['equals', 'in', 'any_value']) {
      if (operator === 'equals' && path.includes('{')) continue
      const [found] = warningsOf(generic(path, trigger, operator), codes)
      expect(found).toMatch(told)
      expect(found).not.toMatch(/is a list/)
    }
  })

  it('goes into lists of the event', () => {
    expect(warningsOf(generic('Event.Tag.name', 'event-publish'), codes)[0]).toContain('`Event.Tag.{n}.name` would')
  })

  it.each([
    ['User.email', 'user-after-save'],
    ['Tag.name', 'user-before-save'],
    ['Log.action', 'log-after-save'],
    ['Object.name', 'log-after-save'],
    ['_module', 'enrichment-before-query'],
    ['Event.info', 'event-publish']
  ])('is none where nobody knows the data: %s of %s', (path, trigger) => {
    expect(warningsOf(generic(path, trigger), codes)).toEqual([])
  })

  it('holds for what is counted and filtered, too', () => {
    const count = one('count-if', { selector: 'Attribute.{n}', operator: 'equals', value: '1' })
    expect(warningsOf(count, codes)[0]).toMatch(/always 0: .*Attribute is not in it/)
  })
})
