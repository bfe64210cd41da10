import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { completeAt, diagnose } from '../../../../src/engine/jinja/editor.ts'
import { filters } from '../../../../src/engine/jinja/filters/filters.ts'
import { filterNames } from '../../../../src/engine/jinja/filters/names.ts'
import { globals } from '../../../../src/engine/jinja/runtime/globals.ts'
import { templateNames } from '../../../../src/engine/jinja/names.ts'
import { tagNames } from '../../../../src/engine/jinja/syntax/parser.ts'
import { tests } from '../../../../src/engine/jinja/filters/tests.ts'

const data: JsonMap = {
  Event: {
    info: 'Test',
    'meta-category': 'x',
    items: 'I',
    Attribute: [
      { value: '1', Tag: [{ name: 'tlp:red' }] },
      { value: '2', comment: 'c' }
    ]
  }
}

/** Labels offered where the template has a |, with the kind of the first. */
const offered = (marked: string): string[] => {
  const offset = marked.indexOf('¦')
  return completeAt(marked.replace('¦', ''), offset, data).items.map(({ label }) => label)
}
const sorted = (names: Iterable<string>): string[] => [...names].sort()

describe('names for editors', () => {
  it('lists exactly what the engine knows', () => {
    const names = templateNames()
    expect(sorted(names.filters.map(({ name }) => name))).toEqual(sorted(filters.keys()))
    expect(sorted(filterNames)).toEqual(sorted(filters.keys()))
    expect(sorted(names.tests.map(({ name }) => name))).toEqual(sorted(tests.keys()))
    expect(sorted(names.globals.map(({ name }) => name))).toEqual(sorted(globals.keys()))
    expect(sorted(names.tags.map(({ name }) => name))).toEqual(sorted([...tagNames, 'raw']))
  })
})

describe('completion', () => {
  it('offers the fields of the data after a dot', () => {
    expect(offered('{{ Event.¦ }}')).toEqual(expect.arrayContaining(['info', 'meta-category', 'Attribute', 'get']))
    expect(offered('{{ Event.Attribute[1].com¦ }}')).toEqual(['comment'])
    expect(offered('{{ nothing.¦ }}')).toEqual([])
  })

  it('follows loops and assignments', () => {
    expect(offered('{% for a in Event.Attribute if a.value %}{{ a.¦')).toEqual(
      expect.arrayContaining(['value', 'Tag', 'comment'])
    )
    expect(offered('{% for a in Event.Attribute %}{% for t in a.Tag %}{{ t.n¦')).toEqual(['name'])
    expect(offered('{% set e = Event %}{{ e.inf¦ }}')).toEqual(['info'])
    expect(offered('{% for a in Event.Attribute %}{{ loop.las¦ }}')).toEqual(['last'])
  })

  it('writes keys that a dot cannot reach as items', () => {
    const { items } = completeAt('{{ Event.', 9, data)
    expect(items.find(({ label }) => label === 'meta-category')?.insert).toBe("['meta-category']")
    expect(items.find(({ label, kind }) => label === 'items' && kind === 'field')?.insert).toBe("['items']")
  })

  it('offers filters after a bar, tests after is, tags in a statement, names elsewhere', () => {
    expect(offered('{{ Event.info | upp¦ }}')).toEqual(['upper'])
    expect(offered('{% if Event is not defi¦ %}')).toEqual(['defined'])
    expect(offered('{% if x %}{% e¦')).toEqual(['extends', 'elif', 'else', 'endif'])
    expect(offered('{{ Ev¦ }}')).toEqual(['Event'])
    expect(offered('{{ ra¦ }}')).toEqual(['range'])
  })

  it('offers nothing in plain text, comments and strings', () => {
    expect(offered('Event.¦')).toEqual([])
    expect(offered('{# Event.¦ #}')).toEqual([])
    expect(offered("{{ 'Event.¦' }}")).toEqual([])
    expect(offered('{{ a }}Event.¦')).toEqual([])
  })
})

describe('diagnosis', () => {
  it('marks the line of the error in the template as written', () => {
    expect(diagnose('a\r\nb {{ x.y }} c\r\nd', {})).toEqual({
      type: 'UndefinedError',
      message: "'x' is undefined",
      line: 2,
      from: 3,
      to: 16
    })
    expect(diagnose('{{ 1 }}', {})).toBeNull()
  })
})
