// Rendering hostile templates: what a filter, a loop or a macro does grows with what it is given, not with its square. Work is counted, see
// work.ts, which comes first.
import { describe, expect, it } from 'vitest'
import { sample } from './scale.ts'
import { expectLinear } from './work.ts'
import { renderTemplate } from '../../src/engine/jinja/render.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'

const list = <T>(n: number, part: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => part(i))

const data = (n: number): JsonMap => ({
  n,
  words: list(n, (i) => `word${i}`).join(' '),
  letters: 'a'.repeat(n),
  urls: list(n, (i) => `http://a${i}.example.org/(x)`).join(' '),
  marks: '<&">'.repeat(n),
  dots: '.'.repeat(n),
  hosts: 'a.'.repeat(n),
  lines: list(n, (i) => `line ${i}`).join('\n'),
  blanks: ' '.repeat(n),
  tags: '<b '.repeat(n),
  items: list(n, (i) => ({ id: i, name: `n${i % 7}`, same: 'a', text: `t${(i * 7919) % n}` })),
  numbers: list(n, (i) => (i * 7919) % n),
  texts: list(n, (i) => `t${(i * 7919) % n}`),
  map: Object.fromEntries(list(n, (i) => [`k${i}`, i])),
  nested: list(n, (i) => [i, [i, { a: i }]]) as Json
})

const templates: readonly string[] = [
  ...[
    'join',
    'unique | list',
    'sort',
    'sort(reverse=true)',
    'reverse | list',
    'list',
    'first',
    'last',
    'max',
    'min',
    'sum'
  ].map((filter) => `numbers | ${filter}`),
  ...[
    "join(',')",
    'unique | list',
    'sort',
    'sort(case_sensitive=true)',
    'tojson',
    'string',
    'pprint',
    "map('upper') | list",
    "map('length') | sum"
  ].map((filter) => `texts | ${filter}`),
  ...['batch(3) | list', 'slice(3) | list', 'batch(n) | list', 'slice(n) | list', "batch(3, 'x') | list"].map(
    (filter) => `numbers | ${filter}`
  ),
  ...[
    "groupby('name')",
    "groupby('text')",
    "map(attribute='name') | join",
    "selectattr('id', 'gt', 5) | list",
    "rejectattr('same', 'equalto', 'b') | list",
    'select | list',
    'reject | list',
    "sort(attribute='text')",
    "sort(attribute='name,text')",
    "unique(attribute='text') | list",
    "sum(attribute='id')",
    "max(attribute='text')",
    'tojson',
    'tojson(indent=2)',
    'pprint',
    "map(attribute='name') | unique | sort | join(',')"
  ].map((filter) => `items | ${filter}`),
  ...[
    'dictsort',
    "dictsort(by='value')",
    'items | list',
    'xmlattr',
    'urlencode',
    'tojson',
    'list',
    'pprint',
    'length'
  ].map((filter) => `map | ${filter}`),
  ...[
    'replace("a", "bb")',
    'replace("", "x")',
    'upper',
    'title',
    'capitalize',
    'center(n * 2)',
    'list',
    'length',
    'reverse',
    'truncate(10)',
    'truncate(n)',
    'wordwrap(10)',
    'wordwrap(1)',
    'indent',
    'e',
    'urlize',
    'striptags',
    'trim',
    "trim('a')",
    'wordcount',
    'urlencode',
    'tojson',
    'int',
    'float',
    'filesizeformat',
    'format',
    'forceescape'
  ].map((filter) => `letters | ${filter}`),
  ...[
    'wordwrap(10)',
    'wordwrap(80, false)',
    "wordwrap(10, true, '--')",
    'wordcount',
    'title',
    'truncate(n)',
    'truncate(n, true)',
    'urlize',
    'replace(" ", "")',
    'capitalize',
    'striptags'
  ].map((filter) => `words | ${filter}`),
  ...['urlize', 'urlize(10)', 'urlize(10, true)', 'striptags', 'e', 'wordwrap(20)'].flatMap((filter) => [
    `urls | ${filter}`,
    `marks | ${filter}`,
    `hosts | ${filter}`,
    `dots | ${filter}`
  ]),
  ...['striptags', 'trim', 'urlize', 'title', 'wordwrap(5)', 'wordcount', 'truncate(5)'].flatMap((filter) => [
    `blanks | ${filter}`,
    `tags | ${filter}`
  ]),
  ...['indent', 'indent(4, true)', 'indent(4, true, true)', 'wordwrap(4)', 'urlize'].map(
    (filter) => `lines | ${filter}`
  ),
  'nested | tojson',
  'nested | string',
  'words.split() | join',
  "words.split(' ')",
  'lines.splitlines()',
  "letters.split('a')",
  "letters.rsplit('a', 5)",
  "letters.partition('b')",
  "letters.count('a')",
  "letters.count('aa')",
  "letters.find('b')",
  "letters.rfind('b')",
  "letters.replace('a', 'b')",
  "letters.strip('a')",
  'letters.title()',
  'letters.swapcase()',
  'letters.expandtabs()',
  'letters.encode()',
  "letters.startswith('aa')",
  "letters.translate({97: 'b'})",
  "','.join(texts)",
  "'a' * n",
  "'ab' * n ~ 'c'",
  '[1] * n',
  'letters + letters',
  'numbers + numbers',
  'numbers == (numbers | list)',
  'texts < texts',
  'items == (items | list)',
  'map == dict(map)',
  'letters[::-1]',
  'numbers[::2]',
  'numbers[1:]',
  "'t5' in texts",
  "'b' in letters",
  'range(n) | list',
  'range(n) | sum',
  'range(n) | join',
  'numbers.index(numbers[-1])',
  'numbers.count(1)',
  'map.keys() | list',
  'map.values() | sum',
  'map.items() | list',
  "'%s' % letters",
  "'{}'.format(letters)",
  "'%s' * n",
  'dict(map)',
  'dict(map, a=1)',
  'lipsum(n=2)',
  "(numbers | map('string') | list) == texts"
]

const programs: Readonly<Record<string, string>> = {
  'text that grows in a loop':
    '{% set ns = namespace(t="") %}{% for i in range(n) %}{% set ns.t = "x" %}{{ ns.t }}{% endfor %}',
  'a list that grows in an expression':
    '{% set l = [] %}{% for i in range(n) %}{{ l.append(i) or "" }}{% endfor %}{{ l | length }}',
  'a map that grows': '{% set d = {} %}{% for i in range(n) %}{{ d.update({i: i}) or "" }}{% endfor %}{{ d | length }}',
  'loop variables':
    '{% for i in numbers %}{{ loop.index }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle("a", "b") }}{{ loop.changed(i) }}{% endfor %}',
  'a filtered loop': '{% for i in numbers if i % 2 %}{{ loop.index }}{{ loop.length }}{% endfor %}',
  'a macro': '{% macro m(x) %}{{ x }}{% endmacro %}{% for i in numbers %}{{ m(i) }}{% endfor %}',
  'a macro with a caller':
    '{% macro m() %}<{{ caller() }}>{% endmacro %}{% for i in numbers %}{% call m() %}{{ i }}{% endcall %}{% endfor %}',
  'a macro with many arguments': '{% macro m() %}{{ varargs | length }}{% endmacro %}{{ m(*numbers) }}',
  'a macro with many named arguments': '{% macro m() %}{{ kwargs | length }}{% endmacro %}{{ m(**map) }}',
  'a set block': '{% set t %}{% for i in numbers %}{{ i }}{% endfor %}{% endset %}{{ t | length }}{{ t }}',
  'a filter block': '{% filter upper %}{% for i in numbers %}a{% endfor %}{% endfilter %}',
  'with blocks': '{% for i in numbers %}{% with a = i %}{{ a }}{% endwith %}{% endfor %}',
  unpacking: '{% for k, v in map.items() %}{{ k }}{{ v }}{% endfor %}',
  'pop from the end': '{% for i in range(n) %}{{ numbers.pop() }}{% endfor %}',
  'chains of filters':
    '{{ items | map(attribute="text") | map("upper") | select | reject("none") | unique | sort | batch(2) | map("join") | join(",") }}'
}

/** Everything but what is the square by itself, in Python too. */
const limits = { steps: 1e9, output: 1e9, text: 1e9, items: 1e9, milliseconds: 1e9 }

describe('rendering costs what grows with the data', () => {
  it.each(sample(templates, 4))('{{ %s }}', (expression) => {
    expectLinear(data, (given) => renderTemplate(`{{ (${expression}) | string | length }}`, given, { limits }), 400)
  })
  it.each(sample(Object.entries(programs), 2))('%s', (_, text) => {
    expectLinear(data, (given) => renderTemplate(text, given, { limits }), 400)
  })
  it.each([
    "{% set ns = namespace(t='') %}{% for i in range(1000000) %}{% set ns.t = ns.t ~ 'aaaaaaaaaaaaaaaa' %}{% endfor %}",
    '{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m("ab") }}',
    '{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}',
    '{% for a in range(99999) %}{{ range(99999) | list | length }}{% endfor %}',
    "{{ 'a' * 10**9 }}",
    '{{ range(10**9) | list }}',
    '{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}',
    '{% for i in range(99999) %}{{ range(99999) | join }}{% endfor %}',
    '{% for i in range(99999) %}{{ ("a" * 99999) | replace("a", "bb") | length }}{% endfor %}',
    '{% for i in range(99999) %}{{ range(50000) | list | sort | first }}{% endfor %}',
    '{% for i in range(99999) %}{{ 5 in (range(50000) | list) }}{% endfor %}'
  ])('ends within its bounds: %s', (text) => {
    expect(renderTemplate(text, {}, { limits: { steps: 1_000_000 } }).error?.type).toMatch(
      /LIMIT|RecursionError|OverflowError|MemoryError/
    )
  })
})
