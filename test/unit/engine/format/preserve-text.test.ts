import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { writePreserving } from '../../../../src/engine/format/preserve-text.ts'

const original = `{
    "Workflow": {
        "10": 1.0,
        "2": "caf\\u00e9 \\/ x",
        "list": [ 1, {"a": 2} ],
        "empty": {}
    }
}
`

describe('writing a value over the text it was read from', () => {
  it('gives the very text when nothing changed', () => {
    expect(writePreserving(original, JSON.parse(original) as Json)).toBe(original)
    expect(writePreserving(original, { Workflow: { 2: 'café / x', 10: 1, list: [1, { a: 2 }], empty: [] } })).toBe(
      original
    )
  })

  it('keeps all other bytes where one value changed', () => {
    const value = { Workflow: { 2: 'other / é', 10: 1, list: [1, { a: 2 }], empty: [] } }
    expect(writePreserving(original, value)).toBe(original.replace('caf\\u00e9 \\/ x', 'other \\/ \\u00e9'))
  })

  it('writes what is new in the manner of the text', () => {
    const value = { Workflow: { 2: 'café / x', list: [1, { a: 2 }], empty: [], new: { b: [] } } }
    expect(writePreserving(original, value)).toBe(
      original.replace('        "10": 1.0,\n', '').replace(
        '"empty": {}',
        `"empty": {},
        "new": {
            "b": []
        }`
      )
    )
    expect(writePreserving('{"a":1,"b":[]}', { a: 1, b: [2] })).toBe('{"a":1,"b":[2]}')
  })
})
