import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import {
  arrayDiff,
  arrayUnique,
  compare,
  compareBytes,
  greaterThan,
  inArray,
  lessThan,
  looseEquals,
  sort,
  strictEquals
} from '../../../../src/engine/php/compare.ts'

describe('loose comparison', () => {
  const equal: [Json, Json][] = [
    ['1e3', '1000'],
    ['1e3', 1000],
    [' 10', '10 '],
    ['010', 10],
    [null, false],
    [null, []],
    ['', null],
    ['0', false],
    ['abc', true],
    [
      { a: 1, b: '2' },
      { b: 2, a: true }
    ],
    ['9007199254740993', '9007199254740993.0']
  ]
  it.each(equal)('%j == %j', (a, b) => {
    expect(looseEquals(a, b)).toBe(true)
    expect(looseEquals(b, a)).toBe(true)
  })

  const different: [Json, Json][] = [
    ['abc', 0],
    ['', 0],
    ['0x1A', 26],
    ['1abc', 1],
    ['null', null],
    ['0', null],
    [[], ''],
    [['1'], '1'],
    ['9223372036854775807', '9223372036854775806'],
    ['9223372036854775808', '9223372036854775809'],
    ['ABC', 'abc']
  ]
  it.each(different)('%j != %j', (a, b) => {
    expect(looseEquals(a, b)).toBe(false)
    expect(looseEquals(b, a)).toBe(false)
  })

  it('calls arrays with other keys greater, whichever way round', () => {
    expect(compare({ a: 1 }, { b: 1 })).toBe(1)
    expect(compare({ b: 1 }, { a: 1 })).toBe(1)
    expect(lessThan({ a: 1 }, { b: 1 })).toBe(false)
    expect(greaterThan({ a: 1 }, { b: 1 })).toBe(false)
    expect(compare([1, 2], [3])).toBe(1)
    expect(compare([], 5)).toBe(1)
  })

  it('orders text by its bytes', () => {
    expect(compareBytes('\u{10000}', '\uffff')).toBe(1)
    expect(compareBytes('a', 'ab')).toBe(-1)
    expect(compareBytes('\ue000', '\u{10000}')).toBe(-1)
  })
})

describe('strict comparison', () => {
  it('counts types and the order of keys', () => {
    expect(strictEquals('1', 1)).toBe(false)
    expect(strictEquals({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false)
    expect(strictEquals({ a: [1] }, { a: [1] })).toBe(true)
    expect(inArray('1', [1], true)).toBe(false)
    expect(inArray('1', [1])).toBe(true)
  })
})

describe('sort', () => {
  it('keeps the order of equal items', () => {
    expect(sort(['10', 10, '1e1', 9])).toEqual([9, '10', 10, '1e1'])
  })

  it('sorts long lists', () => {
    const list = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3001)
    expect(sort(list)).toEqual([...list].sort((a, b) => a - b))
  })

  it('ends when the comparisons contradict each other', () => {
    const list = Array.from({ length: 200 }, (_, i): Json => [10, '9a', 'abc', '10', null, true][i % 6] as Json)
    expect(sort(list)).toHaveLength(200)
  })
})

describe('array functions', () => {
  it('keep keys', () => {
    expect(arrayDiff(['a', 'b', 'c'], ['b'])).toEqual({ 0: 'a', 2: 'c' })
    expect(arrayUnique(['a', 'a', 1, '1', 'b'])).toEqual({ 0: 'a', 2: 1, 4: 'b' })
  })
})
