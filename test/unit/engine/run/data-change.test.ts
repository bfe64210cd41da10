// What a custom module set, told by what was there: given back exactly, and short where little is new.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { EMPTY_OBJECT } from '../../../../src/engine/php/values.ts'
import { changed, changeOf } from '../../../../src/engine/run/surroundings/data-change.ts'
import { scale, seeded } from '../../../attack/scale.ts'

const copy = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json
const attributes = (count: number): Json[] =>
  Array.from({ length: count }, (_, i): Json => ({ id: String(i), value: `value ${i}`, to_ids: i % 2 === 0, Tag: [] }))
const text = (value: unknown): string => JSON.stringify(value)

function told(before: Json, after: Json): string {
  const { data, change } = changeOf(before, after)
  expect(text(data)).toBe(text(after))
  expect(text(changed(before, copy(change as Json) as never))).toBe(text(after))
  return text(change)
}

describe('the change of data', () => {
  const list = attributes(1000)
  it.each<[string, Json, Json]>([
    ['one of a thousand', list, list.map((item, i) => (i === 500 ? { ...(item as JsonMap), comment: 'x' } : item))],
    ['the first was removed', list, list.slice(1)],
    ['every tenth was removed', list.slice(0, 100), list.slice(0, 100).filter((_, i) => i % 10 > 0)],
    ['one was put in front', list, [{ id: 'new' }, ...list]],
    ['first and last changed places', list, [list.at(-1) as Json, ...list.slice(1, -1), list[0] as Json]],
    ['the first came last', list, [...list.slice(1), list[0] as Json]]
  ])('is short: %s', (_, before, after) => {
    expect(told({ Event: { Attribute: before } }, { Event: { Attribute: copy(after) } }).length).toBeLessThan(300)
  })

  it('is none where all is equal, and gives what was there', () => {
    const before = { Event: { Attribute: list, Galaxy: EMPTY_OBJECT } }
    const { data, change } = changeOf(before, { Event: { Attribute: copy(list), Galaxy: EMPTY_OBJECT } })
    expect([data === before, change]).toEqual([true, 0])
  })

  it('keeps the order of keys, and keys of every name', () => {
    told({ a: 1, b: 2, c: 3 }, { b: 2, a: 1, c: 3 })
    told({ a: 1, b: 2, c: 3 }, { a: 1, c: 3, b: 2 })
    told({ a: 1, b: 2 }, { a: 1, d: [], b: 2 })
    told({ a: 1 }, JSON.parse('{"a": 1, "__proto__": {"x": 1}}') as Json)
    told(JSON.parse('{"__proto__": {"x": 1}, "b": 1}') as Json, JSON.parse('{"__proto__": {"x": 2}, "b": 1}') as Json)
    told({ a: [], b: { c: 1 } }, { a: {}, b: {} })
    told([], {})
    told([[1], [1], [1]], [[1], [1], [1], [1], [1]])
  })

  it('of data that the change is none of is nothing', () => {
    expect(changed({}, { list: [[0, 1]] })).toBeUndefined()
    expect(changed([1], { list: [[0, 2]] })).toBeUndefined()
    expect(changed([1], { list: [[3, 0, { gone: ['a'] }]] })).toBeUndefined()
    expect(changed([1], { at: [['a', 0]] })).toBeUndefined()
    expect(changed({ a: 1 }, { at: [['b', [1]]] })).toBeUndefined()
    expect(changed(undefined, { gone: [] })).toBeUndefined()
  })

  it('looks at each item of a list of equal ones a few times', () => {
    const equal = Array.from({ length: 50_000 }, (): Json => ({ name: 'tlp:red' }))
    expect(told(equal, [1, ...(copy(equal) as Json[])]).length).toBeLessThan(100)
  })

  it('gives random data back', () => {
    for (let seed = 1; seed <= scale(300, 20_000); seed++) {
      const random = seeded(seed)
      const pick = (n: number): number => Math.floor(random() * n)
      const value = (depth: number): Json => {
        const kind = pick(depth > 0 ? 7 : 4)
        if (kind < 4) return [null, pick(3), `t${pick(3)}`, random() < 0.5][kind] as Json
        if (kind < 6) return Array.from({ length: pick(5) }, () => value(depth - 1))
        return Object.fromEntries(Array.from({ length: 1 + pick(4) }, () => [`${'abc12'[pick(5)]}`, value(depth - 1)]))
      }
      const other = (one: Json, depth: number): Json => {
        if (random() < 0.15) return value(depth)
        if (Array.isArray(one))
          return one.flatMap((item: Json) =>
            random() < 0.1 ? [] : random() < 0.1 ? [item, item] : [other(item, depth - 1)]
          )
        if (typeof one !== 'object' || one === null) return one
        return Object.fromEntries(
          Object.entries(one as JsonMap).flatMap(([key, item]) =>
            random() < 0.1 ? [] : [[key, other(item, depth - 1)]]
          )
        )
      }
      const before = value(5)
      try {
        told(before, copy(other(before, 5)))
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  })
})
