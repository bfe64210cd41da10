// Hostile text must not cost time that grows with its square. Work is counted, not time: see work.ts, which comes first.
import { describe, expect, it } from 'vitest'
import { expectLinear } from './work.ts'
import { sample } from './scale.ts'
import { maskPost, maskPostTarget } from '../../src/host/capture/understand/mask.ts'
import { createMask } from '../../src/host/worker/mask/run.ts'
import { hideTexts, maskParam, maskUrls } from '../../src/contract/secrets.ts'
import { compileTemplate, renderTemplate } from '../../src/engine/jinja/render.ts'

const post = (body: unknown, target = '/event-publish/exec/webhook?result=error'): Parameters<typeof maskPost>[0] => ({
  meta: { at: 0, source: 'default', method: 'POST', target, headers: [] },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
})
const secrets = (count: number): string[] => Array.from({ length: count }, (_, i) => `secret-${i}-value`)

describe('masking grows with the length of what is masked', () => {
  it('with many secrets in the parameters of a post', () => {
    const prepare = (n: number): ReturnType<typeof post> =>
      post({ source: { parameters: { token: secrets(n) } }, data: secrets(n).map((text) => ({ text })), errors: [] })
    expectLinear(prepare, (given) => maskPost(given), 300)
  })
  it('with many nodes in an end post', () => {
    const prepare = (n: number): ReturnType<typeof post> => {
      const nodes = secrets(n).map((token) => ({ data: { indexed_params: { token, url: `https://u:${token}@h/` } } }))
      return post({ source: { parameters: {} }, data: { executed_nodes: nodes, blocking_nodes: nodes } })
    }
    expectLinear(prepare, (given) => maskPost(given), 200)
  })
  it('with many errors that repeat many headers', () => {
    const prepare = (n: number): ReturnType<typeof post> => {
      const headers = secrets(n).map((one, i) => `X-${i}: Bearer ${one}`)
      return post({ source: { parameters: { headers: headers.join('\n') } }, errors: secrets(n), data: {} })
    }
    expectLinear(prepare, (given) => maskPost(given), 200)
  })
  it.each(sample(['"', '"a":', '"token":"', '"token": ', '\\"', '"\\', '"token":"x"'], 2))(
    'in what is no JSON: %j',
    (text) => {
      expectLinear(
        (n) => post(`{${text.repeat(n)}`),
        (given) => maskPost(given),
        1000
      )
    }
  )
  it.each(sample(['a/', '?', '&', '=', '?token=', 'a=b&', '%41', '//', 'a://', '@'], 3))('in a target: %j', (text) => {
    expectLinear(
      (n) => `/${text.repeat(n)}/event-publish/init`,
      (target) => maskPostTarget(target, 'default', ['a-source-secret', 'another-secret']),
      1000
    )
  })
  it.each([
    'a',
    '1',
    ' ',
    '@',
    'a:',
    '://',
    'a://',
    'a://b@',
    '?a',
    '?key',
    '?key=',
    '&a=',
    '/bot',
    '/bot1/',
    '"',
    '\r',
    '\n'
  ])('in URLs: %j', (text) => {
    expectLinear((n) => text.repeat(n), maskUrls, 2000)
    expectLinear(
      (n) => text.repeat(n),
      (given) => maskParam('headers', given),
      2000
    )
  })
  it('when secrets begin and end alike', () => {
    expectLinear(
      (n) => ({ text: 'a'.repeat(4 * n), texts: Array.from({ length: Math.sqrt(n) }, (_, i) => 'a'.repeat(5 + i)) }),
      ({ text, texts }) => hideTexts(text, texts),
      1024
    )
  })
  it('when each node of a run adds a secret and repeats all', () => {
    const prepare = (n: number): Parameters<ReturnType<typeof createMask>>[0][] =>
      secrets(n).map((token, i) => {
        const data = { nodeId: i, params: { token }, errors: [token], message: `not ${token}` }
        return { type: 'node.finished', data } as never
      })
    expectLinear(prepare, (events) => events.map(createMask()), 200)
  })
})

const numbered = (n: number, part: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => part(i)).join('')

const templates: Readonly<Record<string, (n: number) => string>> = {
  'a list': (n) => `{{ [${'1,'.repeat(n)}] | length }}`,
  'a dict': (n) => `{{ {${numbered(n, (i) => `'k${i}':${i},`)}} | length }}`,
  'names and conditions': (n) => `{{ [${numbered(n, (i) => `a${i} if b${i} else c${i},`)}] | length }}`,
  'branches that assign': (n) => numbered(n, (i) => `{% if a${i} %}{% set x${i} = 1 %}{% endif %}`),
  'one if with many branches': (n) =>
    `{% if 0 %}${numbered(n, (i) => `{% elif a${i} %}{% set b${i} = 1 %}`)}{% endif %}`,
  loops: (n) => numbered(n, (i) => `{% for a${i} in b${i} %}{{ loop.index }}{{ a${i} }}{% endfor %}`),
  macros: (n) => numbered(n, (i) => `{% macro a${i}(b) %}{{ b }}{{ c${i} }}{% endmacro %}`),
  texts: (n) => `{{ ${"'a' ".repeat(n)} }}`,
  escapes: (n) => `{{ '${'\\n'.repeat(n)}' }}`,
  'raw blocks': (n) => '{% raw %}a{% endraw %}'.repeat(n),
  'tags that are not closed': (n) => '{%'.repeat(n),
  lines: (n) => '{{ 1 }}\n'.repeat(n),
  blanks: (n) => `${' '.repeat(n)}{{ ${' '.repeat(n)} 1 }}${' '.repeat(n)}`,
  'named arguments': (n) => `{{ dict(${numbered(n, (i) => `k${i}=1,`)}) | length }}`
}

describe('a template', () => {
  it.each(sample(Object.entries(templates), 3))('is compiled in steps that grow with its length: %s', (_, make) => {
    let run = 0
    // Another comment each time: a template that is known is not compiled again.
    expectLinear(make, (text) => compileTemplate(`${text}{# ${run++} #}`), 200)
  })
  it('is compiled within its limits', () => {
    const text = templates['a list']!(20_000)
    expect(renderTemplate(text, {}, { limits: { steps: 10_000 } }).error).toMatchObject({
      type: 'LIMIT',
      limit: 'steps'
    })
    expect(renderTemplate(text, {}, { limits: { text: 10_000 } }).error).toMatchObject({ type: 'LIMIT', limit: 'text' })
    let now = 0
    const clock = (): number => now++
    expect(renderTemplate(text, {}, { limits: { milliseconds: 2 }, clock }).error).toMatchObject({
      ...{ type: 'LIMIT', limit: 'milliseconds' }
    })
    // What failed for its limits is no broken template.
    expect(renderTemplate(text, {})).toEqual({ output: '20000' })
  })
  it('has bounded work where each of many blocks hands on many variables', () => {
    const text = numbered(3000, (i) => `{% set c${i} = 1 %}{% block a${i} scoped %}{% endblock %}`)
    expect(renderTemplate(text, {}, { limits: { steps: 1_000_000 } }).error).toMatchObject({ type: 'LIMIT' })
  })
})
