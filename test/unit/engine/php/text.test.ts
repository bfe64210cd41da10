import { describe, expect, it } from 'vitest'
import {
  implode,
  isNumeric,
  phpFloat,
  phpInt,
  phpString,
  sprintf,
  strlen,
  trim
} from '../../../../src/engine/php/cast.ts'
import { humanize, slug, underscore, variable } from '../../../../src/engine/php/inflector.ts'

describe('casts', () => {
  it('prints numbers as PHP does', () => {
    expect([1, -0, 0.1, 1e25, 1.5e-7, 0.0001, 0.1 + 0.2, 123456789.12345678].map(phpString)).toEqual([
      '1',
      '-0',
      '0.1',
      '1.0E+25',
      '1.5E-7',
      '0.0001',
      '0.3',
      '123456789.12346'
    ])
    expect([true, false, null, ['x']].map((value) => phpString(value))).toEqual(['1', '', '', 'Array'])
  })

  it('reads leading numbers', () => {
    expect(['12abc', ' 7', 'x', '1e2', '-5.9', '', '99999999999999999999'].map(phpInt)).toEqual([
      12,
      7,
      0,
      100,
      -5,
      0,
      Number(9223372036854775807n)
    ])
    expect(phpFloat('1.5kg')).toBe(1.5)
  })

  it('knows numeric text', () => {
    expect(['1', ' 1', '1 ', '1.', '.5', '1e5', '+1'].every(isNumeric)).toBe(true)
    expect(['', '.', '1e', '0x1A', '1 2', 'abc', null, true, []].some(isNumeric)).toBe(false)
  })

  it('counts bytes and refuses arrays', () => {
    expect(['é', '€', '😀', 'a'].map(strlen)).toEqual([2, 3, 4, 1])
    expect(() => strlen([])).toThrow('strlen(): Argument #1 ($string) must be of type string, array given')
  })

  it('formats', () => {
    expect(sprintf('%s-%d-%05.1f-%-4s|%%-%x', 'a', '12', 3.14159, 'b', 255)).toBe('a-12-003.1-b   |%-ff')
    expect(sprintf('%2$s %1$s', 'a', 'b')).toBe('b a')
    expect(() => sprintf('%s %s', 'a')).toThrow('3 arguments are required, 2 given')
  })

  it('joins and trims', () => {
    expect(implode(', ', ['a', 1, true, null])).toBe('a, 1, 1, ')
    expect(trim(' \n\tx\0 ')).toBe('x')
  })
})

describe('inflector', () => {
  it('names parameters of misp-modules', () => {
    expect(slug(underscore('Data extraction path'))).toBe('data_extraction_path')
    expect(slug(underscore('API Key'))).toBe('a_p_i_key')
    expect(humanize('data_extraction path')).toBe('Data Extraction Path')
    expect(slug('  Größe & Länge! ')).toBe('Groesse_Laenge')
    expect(variable('some label')).toBe('someLabel')
  })
})
