import { describe, expect, it } from 'vitest'
import {
  EMPTY_OBJECT,
  append,
  arePositions,
  arrayMerge,
  at,
  dig,
  filterValues,
  fromEntries,
  isArray,
  isEmpty,
  isIntegerKey,
  mapValues,
  toArrayKey,
  withKey,
  withoutKey
} from '../../../../src/engine/php/values.ts'

describe('lists that lost items', () => {
  const even = filterValues([0, 1, 2, 3, 4, 5, 6, 7], (value) => Number(value) % 2 === 0)

  it('lose more of them, and are the same array when none goes', () => {
    expect(filterValues(even, () => true)).toBe(even)
    expect(filterValues(even, (value) => Number(value) > 2)).toEqual({ 4: 4, 6: 6 })
    expect(filterValues(even, (value) => value === 0)).toEqual([0])
    expect(filterValues(even, () => false)).toEqual([])
    expect(filterValues({ 0: 'a', 1: 'b', 5: 'c' }, (value) => value !== 'c')).toEqual(['a', 'b'])
  })

  it('are told from maps with other keys', () => {
    const told = (map: Record<string, number>): boolean => arePositions(Object.keys(map))
    expect([told({ 0: 1, 7: 2 }), told({ 4294967294: 1 })]).toEqual([true, true])
    expect([told({}), told({ 0: 1, x: 2 }), told({ 0: 1, '01': 2 }), told({ '-1': 1 })]).toEqual([
      false,
      false,
      false,
      false
    ])
    // The first number that is no position: what was put before it may be any key.
    expect(told({ x: 1, 4294967295: 2 })).toBe(false)
  })
})

describe('PHP arrays', () => {
  it('tells arrays from an empty object', () => {
    expect([isArray([]), isArray({ a: 1 }), isArray(EMPTY_OBJECT), isArray('x'), isArray(null)]).toEqual([
      true,
      true,
      false,
      false,
      false
    ])
  })

  it('keeps a list as long as its keys are 0 to n-1', () => {
    expect(withKey(['a'], '1', 'b')).toEqual(['a', 'b'])
    expect(withKey(['a'], '5', 'b')).toEqual({ 0: 'a', 5: 'b' })
    expect(withKey(['a'], '01', 'b')).toEqual({ 0: 'a', '01': 'b' })
    expect(withKey({ 0: 'a', 2: 'c' }, '1', 'b')).toEqual({ 0: 'a', 1: 'b', 2: 'c' })
    expect(withKey([], 'k', 1)).toEqual({ k: 1 })
  })

  it('leaves holes when an item is removed from the middle, and [] when nothing is left', () => {
    expect(withoutKey(['a', 'b', 'c'], '1')).toEqual({ 0: 'a', 2: 'c' })
    expect(withoutKey(['a', 'b'], '1')).toEqual(['a'])
    expect(withoutKey({ k: 1 }, 'k')).toEqual([])
  })

  it('answers the same object when nothing changes', () => {
    const list = [1, 2, 3]
    const map = { a: list }
    expect(withKey(map, 'a', list)).toBe(map)
    expect(withoutKey(map, 'b')).toBe(map)
    expect(filterValues(list, () => true)).toBe(list)
    expect(mapValues(map, (value) => value)).toBe(map)
  })

  it('treats __proto__ and constructor as ordinary keys', () => {
    const map = withKey({ a: 1 }, '__proto__', { polluted: true })
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
    expect(at(map, '__proto__')).toEqual({ polluted: true })
    expect(at({ a: 1 }, '__proto__')).toBeUndefined()
    expect(at({ a: 1 }, 'constructor')).toBeUndefined()
    expect(dig({ a: { b: 1 } }, 'a', 'toString')).toBeNull()
  })

  it('appends after the highest integer key', () => {
    expect(append({ 3: 'a', k: 'b' }, 'c')).toEqual({ 3: 'a', k: 'b', 4: 'c' })
    expect(append([], 'c')).toEqual(['c'])
  })

  it('renumbers integer keys in array_merge', () => {
    expect(arrayMerge({ 5: 'a', k: 1 }, ['b'], { k: 2 })).toEqual({ 0: 'a', 1: 'b', k: 2 })
    expect(() => arrayMerge([], 'x')).toThrow('array_merge(): Argument #2 must be of type array, string given')
  })

  it('casts keys as PHP does', () => {
    expect([toArrayKey(true), toArrayKey(null), toArrayKey(1.7), toArrayKey('1.7'), toArrayKey(-2)]).toEqual([
      '1',
      '',
      '1',
      '1.7',
      '-2'
    ])
    expect(() => toArrayKey([])).toThrow('Illegal offset type')
    expect(['5', '-3', '05', '-0', '1.5', '9223372036854775807', '9223372036854775808'].map(isIntegerKey)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      false
    ])
  })

  it('finds the same things empty as PHP', () => {
    expect([null, false, 0, '', '0', []].every(isEmpty)).toBe(true)
    expect([true, 1, '0.0', ' ', [0], EMPTY_OBJECT].some(isEmpty)).toBe(false)
  })

  it('makes a list of entries with the keys 0 to n-1', () => {
    expect(
      fromEntries([
        ['0', 'a'],
        ['1', 'b']
      ])
    ).toEqual(['a', 'b'])
  })
})
