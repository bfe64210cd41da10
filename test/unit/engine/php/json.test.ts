import { describe, expect, it } from 'vitest'
import { CodedError } from '../../../../src/contract/errors.ts'
import type { Json } from '../../../../src/contract/json.ts'
import { decodeJson, jsonDecode, normaliseValue } from '../../../../src/engine/php/decode.ts'
import { encodeJson } from '../../../../src/engine/php/encode.ts'
import { EMPTY_OBJECT } from '../../../../src/engine/php/values.ts'

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const codeOf = (text: string, options = {}): unknown[] => {
  try {
    decodeJson(text, options)
    return []
  } catch (error) {
    return error instanceof CodedError ? [error.code, error.details?.place] : [error]
  }
}

describe('encodeJson', () => {
  const cases: [Json, string][] = [
    [{ a: '/é\n"\\', b: [] }, '{"a":"/é\\n\\"\\\\","b":[]}'],
    [{ meta: EMPTY_OBJECT }, '{"meta":{}}'],
    [[0.1, 1e25, 1e-7, 0.0001, 0.00001, 100, -0], '[0.1,1.0e+25,1.0e-7,0.0001,1.0e-5,100,-0]'],
    ['a\u2028b\u2029', '"a\\u2028b\\u2029"'],
    [{ 0: 'a', 2: 'c' }, '{"0":"a","2":"c"}'],
    [{ 0: 'a', 1: 'b' }, '{"0":"a","1":"b"}'],
    [{}, '[]'],
    [9007199254740992, '9007199254740992'],
    ['\u007f\u0001', '"\u007f\\u0001"']
  ]
  it.each(cases)('prints %j', (value, text) => {
    expect(encodeJson(value)).toBe(text)
  })

  it('indents by four spaces, empties on one line', () => {
    const value = { a: [1, { b: 1e30 }], c: [], d: EMPTY_OBJECT }
    expect(encodeJson(value, true)).toBe(
      '{\n    "a": [\n        1,\n        {\n            "b": 1.0e+30\n        }\n    ],\n    "c": [],\n    "d": {}\n}'
    )
    expect(encodeJson({ a: [1] }, true)).toBe('{\n    "a": [\n        1\n    ]\n}')
  })

  it('throws JsonException beyond 512 levels', () => {
    const deep = (levels: number): Json => (levels === 0 ? 1 : [deep(levels - 1)])
    expect(encodeJson(deep(512))).toHaveLength(1025)
    expect(() => encodeJson(deep(513))).toThrow('Maximum stack depth exceeded')
    expect(() => encodeJson(deep(3000))).toThrow('Maximum stack depth exceeded')
  })
})

describe('decodeJson', () => {
  it('makes lists and maps as PHP does', () => {
    expect(decodeJson('{"a":{},"b":{"0":1,"1":2},"c":{"1":1},"d":[{}]}')).toEqual({
      a: [],
      b: [1, 2],
      c: { 1: 1 },
      d: [[]]
    })
  })

  it('keeps __proto__ an ordinary key', () => {
    const value = decodeJson('{"__proto__":{"x":{}}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(encodeJson(value)).toBe('{"__proto__":{"x":[]}}')
  })

  it('shares what is as it should be', () => {
    const part = { a: [1] }
    const value = { part, empty: {} }
    const normal = normaliseValue(value) as typeof value
    expect(normal.part).toBe(part)
    expect(normal.empty).toEqual([])
    expect(normaliseValue(part)).toBe(part)
  })

  it('names the place of an error', () => {
    expect(codeOf('{\n  "a": 1,\n  "b": x\n}')).toEqual(['INPUT_NOT_JSON', 'line 3, column 8'])
    expect(codeOf('{"a":1,}')).toEqual(['INPUT_NOT_JSON', 'line 1, column 8'])
    expect(codeOf('[1 2]')).toEqual(['INPUT_NOT_JSON', 'line 1, column 4'])
    expect(codeOf('["abc')).toEqual(['INPUT_NOT_JSON', 'line 1, column 2'])
    expect(codeOf('')).toEqual(['INPUT_NOT_JSON', 'line 1, column 1'])
    expect(codeOf('["\\ud800"]')).toEqual(['INPUT_NOT_JSON', 'line 1, column 3'])
    expect(codeOf('["\\\\ud800 \\ud83d\\ude00"]')).toEqual([])
    expect(() => decodeJson('[1', { name: 'event.json' })).toThrow(
      'event.json is not valid JSON: it ends too early at line 1, column 3.'
    )
  })

  it('limits depth and size', () => {
    expect(codeOf(nested(512))).toEqual([])
    expect(codeOf(nested(513))).toEqual(['INPUT_TOO_DEEP', undefined])
    expect(codeOf(nested(100_000))).toEqual(['INPUT_TOO_DEEP', undefined])
    expect(codeOf(nested(5), { maxDepth: 4 })).toEqual(['INPUT_TOO_DEEP', undefined])
    expect(codeOf('[1,2]', { maxLength: 4 })).toEqual(['INPUT_TOO_LARGE', undefined])
  })

  it('throws PHP exceptions for MISP', () => {
    expect(() => jsonDecode('{')).toThrow(
      expect.objectContaining({ phpClass: 'JsonException', message: 'Syntax error' })
    )
    expect(() => jsonDecode(nested(600))).toThrow('Maximum stack depth exceeded')
  })
})
