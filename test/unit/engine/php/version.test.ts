import { describe, expect, it } from 'vitest'
import { compare, inArray, looseEquals } from '../../../../src/engine/php/compare.ts'
import { strlen } from '../../../../src/engine/php/cast.ts'
import { arrayMerge } from '../../../../src/engine/php/values.ts'
import { isPhp7, underPhp } from '../../../../src/engine/php/version.ts'

describe('PHP 7.4', () => {
  it.each([
    ['abc', 0, true, false],
    ['', 0, true, false],
    ['12abc', 12, true, false],
    [' 12', 12, true, true],
    ['12 ', '12', false, true],
    ['1e1', 10, true, true],
    ['abc', 'ABC', false, false],
    [null, 'a', false, false],
    [null, '', true, true]
  ])('compares %j with %j: %j, PHP 8: %j', (a, b, seven, eight) => {
    expect(underPhp(7, () => looseEquals(a, b))).toBe(seven)
    expect(underPhp(7, () => looseEquals(b, a))).toBe(seven)
    expect(looseEquals(a, b)).toBe(eight)
  })

  it('orders a number and a text as numbers', () => {
    expect(underPhp(7, () => compare(-1, 'abc'))).toBe(-1)
    expect(underPhp(7, () => inArray('abc', [0]))).toBe(true)
    expect(inArray('abc', [0])).toBe(false)
  })

  it('only warns about arguments that PHP 8 refuses', () => {
    expect(underPhp(7, () => arrayMerge('x', []))).toBeNull()
    expect(underPhp(7, () => strlen(['x']))).toBe(0)
    expect(() => arrayMerge('x', [])).toThrow(expect.objectContaining({ phpClass: 'TypeError' }))
    expect(() => strlen(['x'])).toThrow(expect.objectContaining({ phpClass: 'TypeError' }))
  })

  it('is spoken only for as long as it was asked for, also when something is thrown', () => {
    expect(() =>
      underPhp(7, () => {
        expect(isPhp7()).toBe(true)
        underPhp(8, () => expect(isPhp7()).toBe(false))
        expect(isPhp7()).toBe(true)
        throw new Error('x')
      })
    ).toThrow('x')
    expect(isPhp7()).toBe(false)
  })
})
