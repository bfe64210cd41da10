import { describe, expect, it } from 'vitest'
import { renderTemplate } from '../../../../src/engine/jinja/render.ts'

const errorOf = (template: string, options = {}) => renderTemplate(template, { x: 1 }, options).error

describe('bounds of a rendering', () => {
  it.each([
    ['steps', '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}', { steps: 100_000 }],
    ['text', "{{ 'a' * 10 ** 10 }}", {}],
    ['text', "{{ ('a' * 1000000) | replace('a', 'b' * 1000000) }}", {}],
    ['text', "{{ '%1000000000d' % 1 }}", {}],
    ['text', "{{ '{:>1000000000}'.format(1) }}", {}],
    ['text', "{{ 'x\\ny' | indent(10 ** 9) }}", {}],
    ['items', '{{ [0] * 10 ** 9 }}', {}],
    ['items', "{{ [1] | batch(10 ** 9, 'x') | list }}", {}],
    ['bits', '{{ 9 ** (9 ** 9) }}', {}],
    ['output', '{% for i in range(1000) %}0123456789{% endfor %}', { output: 5_000 }]
  ])('ends with the limit %s: %s', (limit, template, limits) => {
    expect(errorOf(template, { limits })).toMatchObject({ type: 'LIMIT', limit })
  })

  it('stops when the clock that was passed in says so', () => {
    let now = 0
    const clock = (): number => (now += 1_000)
    const template = '{% for i in range(100000) %}{% for j in range(100) %}{% endfor %}{% endfor %}'
    expect(errorOf(template, { clock })).toMatchObject({ type: 'LIMIT', limit: 'milliseconds' })
  })

  it.each([
    ['macros', '{% macro r(n) %}{{ r(n) }}{% endmacro %}{{ r(1) }}'],
    ['loops', '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}'],
    ['parentheses', `{{ ${'('.repeat(10_000)}1${')'.repeat(10_000)} }}`],
    ['signs', `{{ ${'- '.repeat(10_000)}x }}`],
    ['operators', `{{ ${'x + '.repeat(10_000)}1 }}`],
    ['data', '{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}']
  ])('raises RecursionError for deep %s', (_what, template) => {
    expect(errorOf(template)).toMatchObject({ type: 'RecursionError' })
  })

  it('does not blow up on shared structure that prints exponentially', () => {
    const grow = '{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}'
    const limits = { text: 100_000 }
    expect(errorOf(`${grow}{{ ns.x }}`, { limits })?.type).toBe('LIMIT')
    expect(errorOf(`${grow}{{ ns.x | tojson }}`, { limits })?.type).toBe('LIMIT')
  })

  it('starts every rendering with fresh bounds', () => {
    expect(errorOf('{% for i in range(1000) %}{% endfor %}', { limits: { steps: 100 } })?.type).toBe('LIMIT')
    expect(renderTemplate('{{ x }}', { x: 1 })).toEqual({ output: '1' })
  })
})
