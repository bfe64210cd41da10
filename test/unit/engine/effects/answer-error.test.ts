// Errors inside answers are errors of the step: with their text in its event, in the fold's step, in the count and in the words of a list.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { EffectAnswer } from '../../../../src/contract/run.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { dataOf, runAll, workflow } from '../run/builders.ts'
import { blankSummary } from '../../../../src/engine/replay/run-facts.ts'

const data: JsonMap = {
  Event: { id: '7', info: 'Test', Attribute: [{ id: '1', type: 'ip-dst', value: '192.0.2.1', uuid: 'u' }] }
}
const webhook = (params: JsonMap): JsonMap =>
  workflow([{ id: 'webhook', params: { url: 'https://h.example.org', ...params } }])
const mail = (params: JsonMap): JsonMap =>
  workflow([{ id: 'send-mail', params: { recipients: ['a@example.org'], ...params } }], {}, 'event-after-save')

const templates: readonly (readonly [what: string, graph: JsonMap, told: RegExp])[] = [
  [
    'a loop without its end',
    webhook({ payload: '{% for a in Event.Attribute %}x' }),
    /^template of payload: TemplateSyntaxError: Unexpected end/
  ],
  ['an open bracket', webhook({ payload: '{{ Event.info' }), /^template of payload: TemplateSyntaxError: /],
  ['an unknown filter', webhook({ payload: '{{ Event.info|nope }}' }), /No filter named 'nope'/],
  ['an unknown test', webhook({ payload: '{% if Event is nope %}{% endif %}' }), /No test named 'nope'/],
  ['a field of nothing', webhook({ payload: '{{ Event.nope.deeper }}' }), /UndefinedError: .*nope/],
  ['a division by zero', webhook({ payload: '{{ 1 / 0 }}' }), /ZeroDivisionError/],
  ['an include', webhook({ payload: '{% include "other" %}' }), /TypeError: no loader for this environment/],
  ['a template in the URL', webhook({ url: 'https://{{ Event.info|nope }}' }), /^template of url: /],
  ['a template in the headers', webhook({ headers: 'X: {{ Event.nope.x }}' }), /^template of headers: UndefinedError/],
  ['a subject of a mail', mail({ mail_template_subject: '{{ nope( }}' }), /^template of mail_template_subject: /],
  [
    'a body of a mail',
    mail({ mail_template_subject: 's', mail_template_body: '{% endif %}' }),
    /^template of mail_template_body: .*endif/
  ],
  [
    'a message of Telegram',
    workflow([{ id: 'telegram-send-alert', params: { message_body_template: '{{ "a" + 1 }}' } }]),
    /^template of message_body_template: TypeError/
  ],
  [
    'a stop message',
    workflow([{ id: 'stop-execution', params: { message: '{{ x.y.z }}' } }]),
    /^template of message: UndefinedError/
  ],
  [
    'a comment',
    workflow([{ id: 'Module_attribute_comment_operation', params: { comment: '{{ __currentAttribute.type }}' } }]),
    /^template of comment: UndefinedError/
  ]
]

function told(graph: JsonMap, answer?: (kind: string) => EffectAnswer | undefined) {
  const ports = answer
    ? {
        answer: ({ effect }: { readonly effect: { readonly kind: string } }) => {
          const given = answer(effect.kind)
          return given && { answer: given, by: 'mock' }
        }
      }
    : {}
  const events = runAll({ workflow: graph, data, serviceModules: service }, ports)
  const fold = new RunFold({ secretsOf: () => [] })
  for (const event of events) fold.apply(event)
  return { fold, errors: dataOf(events, 'effect').flatMap(({ error }) => error ?? []) }
}

const service: readonly JsonMap[] = [
  { name: 'dns', type: ['expansion'], mispattributes: { input: ['ip-dst'], output: [] } as Json, meta: {} }
]

describe('an error inside an answer', () => {
  for (const [what, graph, expected] of templates)
    it(`is one of the step: ${what}`, () => {
      const { fold, errors } = told(graph)
      expect(errors[0]).toMatch(expected)
      expect(errors[0]).toMatch(/MISP uses an empty text\.$/)
      expect(fold.steps[0]?.answerErrors?.[0]).toBe(errors[0])
      expect(fold.errors).toBeGreaterThan(0)
      expect(fold.summary(blankSummary('run', '2026-01-01T00:00:00.000Z')).words).toContain(errors[0])
    })

  it('is what the service answers, as data or as a body', () => {
    const graph = webhook({ payload: '{{ Event.info }}' })
    for (const answer of [
      { json: { error: 'Jinja2: bad' } },
      { status: 200, body: '{"error": "Jinja2: bad"}' }
    ] satisfies EffectAnswer[])
      expect(told(graph, (kind) => (kind === 'template' ? answer : undefined)).errors.at(-1)).toBe(
        'template of payload: Jinja2: bad. MISP uses an empty text.'
      )
  })

  it('is what an enrichment module answers', () => {
    const graph = workflow([{ id: 'attach-enrichment', params: { modules: ['dns'] } }])
    const { errors, fold } = told(graph, (kind) =>
      kind === 'misp-modules' ? { json: { error: 'no such host' } } : undefined
    )
    expect(errors).toEqual(['response of dns: no such host. MISP reports no error.'])
    expect(fold.steps[0]).toMatchObject({ success: true, answerErrors: errors })
  })

  it('is none where nothing went wrong', () => {
    const { errors, fold } = told(webhook({ payload: '{{ Event.info }}' }))
    expect([errors, fold.errors, fold.steps[0]?.answerErrors]).toEqual([[], 0, undefined])
  })
})
