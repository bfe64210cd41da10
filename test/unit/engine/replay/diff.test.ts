import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { diff, isSame } from '../../../../src/engine/replay/diff.ts'
import { seeded } from '../../../attack/scale.ts'

const item = (i: number): JsonMap => ({
  uuid: `u-${i}`,
  type: 'ip-dst',
  value: `10.0.0.${i}`,
  Tag: [{ name: 'tlp:red' }]
})
const items = (count: number): JsonMap[] => Array.from({ length: count }, (_, i) => item(i))
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const told = (before: Json, after: Json): string[] =>
  diff(before, after)
    .map(({ op, path }) => `${op} ${path.join('.')}`)
    .sort()

describe('what changed between two lists', () => {
  it.each([false, true])('is each planted edit and nothing else, parsed apart: %s', (isApart) => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed)
      const upTo = (count: number): number => Math.floor(random() * count)
      const before = items(40 + upTo(300))
      let after: JsonMap[] = before.slice()
      const edited = new Set(Array.from({ length: upTo(20) }, () => upTo(before.length)))
      const removed = new Set(
        Array.from({ length: upTo(30) }, () => upTo(before.length)).filter((at) => !edited.has(at))
      )
      for (const at of edited) after[at] = { ...item(at), value: 'edited' }
      after = after.filter((_, at) => !removed.has(at))
      const added = upTo(15)
      for (let n = 0; n < added; n++) after.splice(upTo(after.length), 0, item(10_000 + n))
      // Moved items are the same items.
      if (seed % 3 === 0) after.reverse()
      const found = told(before, isApart ? copy(after) : after)
      expect(
        found.filter((one) => one.startsWith('removed')),
        `seed ${seed}`
      ).toEqual([...removed].map((at) => `removed ${at}`).sort())
      expect(
        found.filter((one) => one.startsWith('added')),
        `seed ${seed}`
      ).toHaveLength(added)
      expect(
        found.filter((one) => one.startsWith('changed')),
        `seed ${seed}`
      ).toEqual([...edited].map((at) => `changed ${after.findIndex(({ uuid }) => uuid === `u-${at}`)}.value`).sort())
    }
  })

  it('takes the same item before another one with its key', () => {
    const [x, y] = [
      { id: '1', value: 'x' },
      { id: '1', value: 'y' }
    ]
    expect(told([x, y], [y])).toEqual(['removed 0'])
    expect(told([y], [x, y])).toEqual(['added 0'])
    expect(told([x, y], [y, x])).toEqual([])
  })

  it('pairs what has no key by its place, in lists of one length', () => {
    expect(told(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual(['changed 1'])
    expect(told([[1], [2]], [[1], [3]])).toEqual(['changed 1.0'])
    expect(told(['a', 'b'], ['a', 'x', 'c'])).toEqual(['added 1', 'added 2', 'removed 1'])
  })

  it('is the same whatever the keys are called', () => {
    const odd = JSON.parse('{"constructor":1,"__proto__":{"a":1},"toString":null}') as Json
    expect(told({}, odd)).toEqual(['added __proto__', 'added constructor', 'added toString'])
    expect(told(odd, {})).toEqual(['removed __proto__', 'removed constructor', 'removed toString'])
    expect(isSame(odd, copy(odd))).toBe(true)
    expect(told([odd], [JSON.parse('{"constructor":1,"__proto__":{"a":2},"toString":null}') as Json])).toEqual([
      'changed 0.__proto__.a'
    ])
  })

  it('finds what is deeper than items are compared at once', () => {
    const deep = (leaf: Json): Json => Array.from({ length: 40 }).reduce<Json>((inner) => ({ inner }), leaf)
    expect(told([{ id: '1', deep: deep(1) }], [{ id: '1', deep: deep(1) }])).toEqual([])
    expect(told([{ id: '1', deep: deep(1) }], [{ id: '1', deep: deep(2) }])).toHaveLength(1)
  })
})
