import { describe, expect, it } from 'vitest'
import {
  claiming,
  coded,
  counting,
  listed,
  never,
  say,
  sentences,
  some,
  withVerdict
} from '../../../src/contract/sentence.ts'
import type { Sentence } from '../../../src/contract/sentence.ts'

const setting = (name: string, value: string): Sentence =>
  coded(value, (shown) => ({ kind: 'setting', name, value: shown }))
const pieces = ({ text, claims }: Sentence): readonly string[] => claims.map(({ from, to }) => text.slice(from, to))

describe('say', () => {
  it('puts every piece’s claim at its place in the text', () => {
    const tag = setting('tags', 'tlp:red')
    const said = say`Adds ${tag} to ${counting(1200, { in: 'view', path: 'Event.Attribute.{n}' }, 'attribute')}, as \`Tag\` and 2 more.`
    expect(said.text).toBe('Adds `tlp:red` to 1,200 attributes, as `Tag` and 2 more.')
    expect(pieces(said)).toEqual(['`tlp:red`', '1,200 attributes', '`Tag`', '2'])
    expect(pieces(sentences(say`First.`, said))).toEqual(pieces(said))
  })

  it('takes no text that is not written in the source', () => {
    const name: string = 'tlp:red'
    // @ts-expect-error a text without a claim
    expect(say`Adds ${name}.`.text).toBe('Adds tlp:red.')
    expect(say`Adds ${name === 'tlp:red' ? 'it' : 'nothing'}.`.claims).toEqual([])
  })

  it('has the verdict of its first piece that has one, or its own', () => {
    const part = never`Never true: ${setting('operator', 'x')}.`
    expect(say`Reads it. ${part}`.verdict).toBe('never')
    expect(withVerdict('true', part).verdict).toBe('true')
    expect(say`Reads it.`.verdict).toBe('depends')
  })

  it('leaves out what is not there', () => {
    expect(say`a${null}${false}${undefined}b`.text).toBe('ab')
    expect(sentences(null, say`a.`, false, say`b.`).text).toBe('a. b.')
  })
})

describe('lists', () => {
  const of = { in: 'settings', names: ['tags'] } as const
  const items = ['a', 'b', 'c'].map((name) =>
    claiming(name, { kind: 'setting', name: 'tags', value: name, isItem: true })
  )

  it('are joined by commas and a word', () => {
    expect(listed(items, 'or').text).toBe('a, b or c')
    expect(listed(items.slice(0, 1), 'or').text).toBe('a')
    expect(listed([], 'or').text).toBe('')
  })

  it('count what they leave out', () => {
    const said = some(items, 12, of)
    expect(said.text).toBe('a, b, c and 9 more')
    expect(said.claims.at(-1)).toMatchObject({ kind: 'count', n: 12, less: 3 })
    expect(some(items, 3, of).text).toBe('a, b and c')
  })
})
