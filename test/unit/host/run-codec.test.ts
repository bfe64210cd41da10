import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { SharingDecoder, SharingEncoder } from '../../../src/host/runs/run-codec.ts'
import { EMPTY_OBJECT } from '../../../src/engine/php/values.ts'

function roundTrip(values: readonly Json[]): { readonly texts: string[]; readonly back: Json[] } {
  const encoder = new SharingEncoder()
  const texts = values.map((value) => [...encoder.encode(value)].join(''))
  const decoder = new SharingDecoder()
  return { texts, back: texts.map((text) => decoder.decode(JSON.parse(text))) }
}

const attributes = (n: number): JsonMap[] =>
  Array.from({ length: n }, (_, i) => ({ id: String(i), value: `198.51.100.${i}`, Tag: [{ name: 'tlp:red' }] }))

describe('the codec of runs', () => {
  it('writes a value once and refers to it afterwards', () => {
    const event = { Event: { info: 'x', Attribute: attributes(50) } }
    const { texts, back } = roundTrip([event, event])
    expect(texts[1]).toBe('{"$":0}')
    expect(back[1]).toBe(back[0])
    expect(back[0]).toEqual(event)
  })

  it('stores one changed attribute of a thousand as itself and two ranges', () => {
    const list = attributes(1000)
    const before = { Event: { Attribute: list } }
    const after = { Event: { Attribute: list.map((a, i) => (i === 500 ? { ...a, to_ids: false } : a)) } }
    const { texts, back } = roundTrip([before, after])
    expect((texts[1] as string).length).toBeLessThan(150)
    expect(back[1]).toEqual(after)
    const lists = back.map((value) => ((value as JsonMap).Event as JsonMap).Attribute as Json[])
    expect(lists[1]?.[7]).toBe(lists[0]?.[7])
  })

  it('stores a filtered list with holes as ranges with their keys', () => {
    const list = attributes(1000)
    const kept = Object.fromEntries(list.map((a, i) => [String(i), a] as const).filter(([, a]) => a.id !== '3'))
    const { texts, back } = roundTrip([list, kept, Object.values(kept)])
    expect((texts[1] as string).length).toBeLessThan(100)
    expect((texts[2] as string).length).toBeLessThan(100)
    expect(back[1]).toEqual(kept)
    expect(back[2]).toEqual(Object.values(kept))
  })

  it('keeps values that look like its own marks', () => {
    const odd: Json[] = [
      { $: 1 },
      { $s: [0, 0, 1] },
      { $o: [] },
      { $l: { $: 0 } },
      { $x: 1 },
      { $: 1, b: 2 },
      [{ $s: [0, 0, 2] }]
    ]
    expect(roundTrip(odd).back).toEqual(odd)
  })

  it('keeps `__proto__` as an ordinary key', () => {
    const shared = { a: 1 }
    const value = JSON.parse('{"__proto__": {"polluted": true}, "b": 1}') as Json
    const { back } = roundTrip([shared, value, { x: shared, y: value }])
    expect(JSON.stringify(back[2])).toBe('{"x":{"a":1},"y":{"__proto__":{"polluted":true},"b":1}}')
    expect(Object.hasOwn({}, 'polluted')).toBe(false)
  })

  it('keeps ranges of wide maps and entries around them', () => {
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, { i }] as const))
    const value = { first: 1, ...wide, k50: { i: 'new' }, last: [] }
    const { back } = roundTrip([wide, value])
    expect(JSON.stringify(back[1])).toBe(JSON.stringify(value))
  })

  it('tells the empty object from the empty list', () => {
    const { back } = roundTrip([{ meta: EMPTY_OBJECT, list: [] }])
    expect((back[0] as JsonMap).meta).toBe(EMPTY_OBJECT)
    expect((back[0] as JsonMap).list).toEqual([])
  })

  it('repeats an item within its own list', () => {
    const item = { a: [1] }
    const value = [item, item, { b: 1 }, item, item]
    const { back } = roundTrip([value])
    expect(back[0]).toEqual(value)
  })
})
