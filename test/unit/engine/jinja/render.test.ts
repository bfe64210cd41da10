import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { compileTemplate, renderTemplate } from '../../../../src/engine/jinja/render.ts'

const render = (template: string, data: Json = {}): string => {
  const { output, error } = renderTemplate(template, data)
  return error === undefined ? output : `${error.type}: ${error.message} @${error.line}`
}

// Expected values were printed by Python's jinja2 3.1.6.
describe('values', () => {
  it.each([
    [
      '{{ 2 ** 53 + 1 }} {{ 2 ** 64 }} {{ 10 ** 20 // 3 }} {{ -7 // 2 }} {{ -7 % 3 }}',
      '9007199254740993 18446744073709551616 33333333333333333333 -4 2'
    ],
    [
      '{{ 0.1 + 0.2 }} {{ 1e16 }} {{ 1e-5 }} {{ 2.0 }} {{ 1 / 3 }} {{ 1e300 * 1e10 }}',
      '0.30000000000000004 1e+16 1e-05 2.0 0.3333333333333333 inf'
    ],
    [
      "{{ ['a', 1, 2.5, true, none, ('b',), {'k': [1]}, 'it\\'s'] }}",
      "['a', 1, 2.5, True, None, ('b',), {'k': [1]}, \"it's\"]"
    ],
    ['{{ {1: 2}[true] }} {{ 1 == 1.0 == true }} {{ [1, [2]] == [1, [2]] }} {{ (1, 2) < (1, 3) }}', '2 True True True'],
    ["{{ '🦊é'|length }} {{ '🦊é'[0] }} {{ '🦊é'[::-1] }} {{ 'ß'.upper() }} {{ 'ΑΣ'.lower() }}", '2 🦊 é🦊 SS ας'],
    ["{{ '%05.1f|%-4s|%+d|%x|%e' % (3.14159, 'a', 5, 255, 12345.678) }}", '003.1|a   |+5|ff|1.234568e+04'],
    ["{{ '{:>6,}|{:^7}|{:08.3f}|{!r}|{a[0]}'.format(1234, 'x', 2.5, 'q', a=[9]) }}", " 1,234|   x   |0002.500|'q'|9"],
    [
      '{{ 2.5|round }} {{ 3.5|round }} {{ 2.675|round(2) }} {{ 1234|round(-2) }} {{ 7|round(1, "ceil") }}',
      '2.0 4.0 2.67 1200 7.0'
    ],
    ["{{ 'a' ~ 1 + 2|string if false else 'x' }}{{ -2 ** 2 }}{{ 2 ** 3 ** 2 }}", 'x464']
  ])('prints %s', (template, output) => {
    expect(render(template)).toBe(output)
  })

  it.each([
    ["{{ 'a' + 1 }}", 'TypeError: can only concatenate str (not "int") to str @1'],
    ['\n{{ [] < 1 }}', "TypeError: '<' not supported between instances of 'list' and 'int' @2"],
    ['a\n\n{{ x.y }}', "UndefinedError: 'x' is undefined @3"],
    ["{{ ''.__class__.mro }}", "SecurityError: access to attribute '__class__' of 'str' object is unsafe. @1"],
    [
      '{% for a in b %}\n{% endif %}',
      "TemplateSyntaxError: Encountered unknown tag 'endif'. Jinja was looking for the following tags: 'endfor' or 'else'. The innermost block that needs to be closed is 'for'. @2"
    ],
    [
      '{{ range(100001) }}',
      'OverflowError: Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000). @1'
    ],
    ['{% macro m() %}\n{{ 1 / 0 }}{% endmacro %}\n{{ m() }}', 'ZeroDivisionError: division by zero @2']
  ])('fails on %s', (template, error) => {
    expect(render(template)).toBe(error)
  })
})

describe('scopes', () => {
  it.each([
    ['{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }};{% endfor %}{{ x }}', '01;02;0'],
    ['{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}', '3'],
    [
      '{% macro m(a, b=a) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, c=4) }}{{ m(b=none) }}',
      "12(3,){'c': 4}None(){}"
    ],
    ['{% if false %}{% set x = 9 %}{% endif %}{{ x }}{% with x = 1, y = x %}{{ x }}{{ y }}{% endwith %}', '010'],
    ['{% set q = 1 %}{% block b %}{{ q }}{% set q = 2 %}{{ q }}{% endblock %}{{ q }}{{ self.b() }}', '12112'],
    [
      '{% for a in [[1, [2]], [3]] recursive %}{{ loop.depth }}{% if a is sequence %}({{ loop(a) }}){% endif %}{% endfor %}',
      '1(22(3))1(2)'
    ]
  ])('%s', (template, output) => {
    expect(render(template, { x: 0 })).toBe(output)
  })
})

describe('data', () => {
  const frozen = (): Json => {
    const attribute = Object.freeze({ type: 'ip-dst', value: '198.51.100.1' })
    return Object.freeze({
      Event: Object.freeze({ Attribute: Object.freeze([attribute, attribute]), Tag: Object.freeze([]) })
    })
  }

  it('never writes into what it renders', () => {
    const data = frozen()
    const template =
      "{% set _ = Event.Attribute.append(1) %}{% set _ = Event.update(a=1) %}{% set _ = Event.Attribute[0].pop('type') %}" +
      '{{ Event.Attribute|length }} {{ Event.a }} {{ Event.Attribute[0] }} {{ Event.Attribute[1] }}'
    expect(render(template, data)).toBe("3 1 {'value': '198.51.100.1'} {'type': 'ip-dst', 'value': '198.51.100.1'}")
    expect(data).toEqual(frozen())
  })

  it('takes __proto__ and constructor as keys like any other', () => {
    const data = JSON.parse('{"o": {"__proto__": {"x": 1}, "constructor": "c"}}') as Json
    expect(render("{{ o['__proto__'] }} {{ o.constructor }} {{ o.toString }} {{ hasOwnProperty }}", data)).toBe(
      "{'x': 1} c  "
    )
    expect(render("{{ 'a'.constructor }}{{ [].at }}{{ {}['toString'] }}|")).toBe('|')
  })

  it('reads pairs where Python makes a dict of them, and refuses other lists', () => {
    expect(render('{{ a }}{{ c }}', ['ab', 'cd'])).toBe('bd')
    expect(render('x', [])).toBe('x')
    expect(render('x', [1])).toContain('TypeError')
    expect(render('x', null)).toContain('TypeError')
  })

  it('tells whole numbers from decimal ones as PHP writes them', () => {
    expect(render('{{ a }} {{ b }} {{ c }}', { a: 5, b: 2.5, c: 1e20 })).toBe('5 2.5 1e+20')
  })
})

describe('what MISP gets', () => {
  it('is the empty text on an error, with the reason beside it', () => {
    expect(renderTemplate('a{{ x.y }}', {})).toEqual({
      output: '',
      error: { type: 'UndefinedError', message: "'x' is undefined", line: 1 }
    })
  })

  it('drops one line end at the end and keeps those of the data', () => {
    expect(renderTemplate('a\r\n{{ x }}\r\n\r\n', { x: 'b\r\n' })).toEqual({ output: 'a\nb\r\n\n' })
  })

  it('compiles a template once', () => {
    expect(compileTemplate('{{ once }}')).toBe(compileTemplate('{{ once }}'))
  })
})
